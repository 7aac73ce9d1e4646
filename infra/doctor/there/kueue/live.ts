import { parseQuantity } from '../../../../model/quantity.ts';
import type { Labels } from '../../../kubernetes.ts';
import type { Item } from '../../context.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

/** An object of Kueue's that says in its status whether it is in use. */
export interface Conditioned extends Item {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface LiveClusterQueue extends Conditioned {
  readonly spec: {
    readonly stopPolicy?: string;
    readonly namespaceSelector?: LabelSelector;
    readonly resourceGroups?: readonly {
      readonly coveredResources: readonly string[];
      readonly flavors: readonly {
        readonly name: string;
        readonly resources: readonly {
          readonly name: string;
          readonly nominalQuota: string | number;
          readonly borrowingLimit?: string | number;
        }[];
      }[];
    }[];
  };
}

export interface LiveLocalQueue extends Conditioned {
  readonly spec: { readonly clusterQueue: string };
}

export interface LiveWorkload extends Conditioned {
  readonly spec: {
    readonly active?: boolean;
    readonly queueName?: string;
    readonly podSets: readonly {
      readonly count: number;
      readonly template: {
        readonly spec: {
          readonly initContainers?: readonly Asking[];
          readonly containers: readonly Asking[];
        };
      };
    }[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly admission?: {
      readonly clusterQueue: string;
      readonly podSetAssignments: readonly { readonly resourceUsage?: Readonly<Record<string, string | number>> }[];
    };
    readonly admissionChecks?: readonly {
      readonly name: string;
      readonly state: 'Pending' | 'Ready' | 'Retry' | 'Rejected';
      readonly message: string;
      readonly lastTransitionTime: string;
    }[];
    readonly nominatedClusterNames?: readonly string[];
    readonly clusterName?: string;
  };
}

interface Asking {
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels };
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export const conditionOf = ({ status }: Conditioned, type: string): Condition | undefined =>
  status?.conditions?.find((one) => one.type === type);

export const holds = (object: Conditioned, type: string): boolean => conditionOf(object, type)?.status === 'True';

/** As Kubernetes has it: none selects nothing, an empty one selects all. */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      const among = value !== undefined && values.includes(value);
      switch (operator) {
        case 'In':
          return among;
        case 'NotIn':
          return !among;
        case 'Exists':
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}

/** The first three of a list, and how many more there are. */
export const firsts = (names: readonly string[]) => ({
  zh: `${names.slice(0, 3).join('、')}${names.length > 3 ? ` 等 ${names.length} 个` : ''}`,
  en: `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`,
});

/** namespace/name */
export const full = ({ metadata: { namespace, name } }: Item): string => `${namespace}/${name}`;

/** The number of a quantity: of chips and credits a whole one. */
export function amount(text: string | number | undefined): number {
  const exact = parseQuantity(String(text ?? 0));
  return exact ? Number(exact.n) / Number(exact.d) : NaN;
}
