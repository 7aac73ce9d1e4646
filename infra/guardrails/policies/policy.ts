import type { Text } from '../../../model/text.ts';
import type { Cluster } from '../../cluster.ts';
import type { KubernetesObject } from '../../kubernetes.ts';
import { named, names } from '../../labels.ts';
import { label, message } from './cel.ts';

type Operation = 'CREATE' | 'UPDATE' | 'CONNECT';

/** Resources of one API group that a policy looks at. */
export interface On {
  readonly group: string;
  /** @default v1 */
  readonly versions?: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly Operation[];
}

export interface Rule {
  /** CEL that is true where the request may pass */
  readonly allows: string;
  /** What is wrong and what to do, with {name} for each of `values` */
  readonly message: Text;
  /** The message's values as CEL */
  readonly values?: Readonly<Record<string, string | undefined>>;
}

export interface Policy {
  /** The object's name is greenflops-<name> */
  readonly name: string;
  readonly title: Text;
  readonly on: readonly On[];
  /**
   * Where it holds: in every tenant's namespace, in those that hold important or core data, in those whose jobs a manager
   * hands out, or in the whole cluster
   */
  readonly where: 'tenants' | 'protected' | 'dispatched' | 'everywhere';
  /** Requests that it leaves alone, by CEL that is true for them */
  readonly unless?: Readonly<Record<string, string>>;
  /** CEL by name; a later one may use an earlier one */
  readonly variables?: Readonly<Record<string, string>>;
  /** At least one; the first that does not hold gives the message */
  readonly rules: readonly Rule[];
}

/** A policy of a cluster; undefined where the cluster has no use for it. */
export type PolicyOf = (cluster: Cluster) => Policy | undefined;

export const DATA_CLASS = 'greenflops.io/data-class';
export const TENANT = 'greenflops.io/tenant';
/** On namespaces of workers whose tenant has a quota that is bound to no cluster */
const DISPATCHED = 'greenflops.io/dispatched';
export const JURISDICTION = 'greenflops.io/jurisdiction';

const selectors: Readonly<Record<Policy['where'], readonly unknown[]>> = {
  tenants: [{ key: TENANT, operator: 'Exists' }],
  protected: [{ key: DATA_CLASS, operator: 'In', values: ['important', 'core'] }],
  dispatched: [{ key: DISPATCHED, operator: 'In', values: ['true'] }],
  everywhere: [],
};

/**
 * The policy and its binding, with all that the server would fill in: what kubernetes_manifest of provider 2.38.0 does not
 * find stated it calls an inconsistent result. The class of the data goes into every audit event of a refusal or pass.
 */
export function policyObjects({ name, title, on, where, unless, variables, rules }: Policy): KubernetesObject[] {
  const metadata = named(`greenflops-${name}`, undefined, names(title));
  const everything = { matchPolicy: 'Equivalent', objectSelector: {} };
  const selector = selectors[where];
  // A namespace is its own: the server gives no namespaceObject for it.
  const classed = where === 'everywhere' ? 'object' : 'namespaceObject';
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          ...everything,
          namespaceSelector: {},
          resourceRules: on.map(({ group, versions = ['v1'], resources, operations }) => ({
            apiGroups: [group],
            apiVersions: versions,
            operations,
            resources,
            scope: '*',
          })),
        },
        ...(unless && {
          matchConditions: Object.entries(unless).map(([about, expression]) => ({
            name: about,
            expression: `!(${expression})`,
          })),
        }),
        ...(variables && {
          variables: Object.entries(variables).map(([variable, expression]) => ({ name: variable, expression })),
        }),
        validations: rules.map(({ allows, message: said, values }) => ({
          expression: allows,
          ...message(said, values),
          reason: 'Forbidden',
        })),
        auditAnnotations: [{ key: 'data-class', valueExpression: label(classed, DATA_CLASS) }],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: {
        policyName: metadata.name,
        validationActions: ['Deny', 'Audit'],
        matchResources: {
          ...everything,
          namespaceSelector: selector.length > 0 ? { matchExpressions: selector } : {},
        },
      },
    },
  ];
}
