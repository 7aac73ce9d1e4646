import type { KubernetesObject, Labels } from '../kubernetes.ts';
import { exporter } from '../stacks/exporter.ts';
import { groupOf, keyOf, kindOf } from './key.ts';
import type { Kubectl } from './kubectl.ts';
import { tellings } from './tellings.ts';

/** An object as the API server holds it. */
export interface Live {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
    readonly managedFields?: readonly ManagedFields[];
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
    readonly deletionTimestamp?: string;
  };
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly data?: Labels;
}
export interface ManagedFields {
  readonly manager: string;
  readonly subresource?: string;
  readonly fieldsV1?: unknown;
}

/** Resource names (plural, with group) of the kinds that this API server has, by `group/Kind`. */
export async function resourcesOf(kubectl: Kubectl): Promise<ReadonlyMap<string, string>> {
  const said = await kubectl.need(['api-resources', '--no-headers', '--verbs=list']);
  return new Map(
    said.split('\n').flatMap((line): [string, string][] => {
      const words = line.trim().split(/\s+/);
      const [name, kind, version] = [words[0], words.at(-1), words.at(-3)];
      if (name === undefined || kind === undefined || version === undefined) return [];
      const group = groupOf(version);
      return [[`${group}/${kind}`, group === '' ? name : `${name}.${group}`]];
    }),
  );
}

/** Everything on a cluster that carries the house's label, of the kinds that it makes or ever made. */
export async function managedObjects(
  kubectl: Kubectl,
  resources: ReadonlyMap<string, string>,
  declared: readonly KubernetesObject[],
): Promise<ReadonlyMap<string, Live>> {
  const kinds = new Set([...Object.keys(tellings), ...declared.map(kindOf)]);
  const wanted = [...kinds].flatMap((kind) => (kind === '/Node' ? [] : (resources.get(kind) ?? [])));
  const label = ['-l', 'app.kubernetes.io/managed-by=greenflops'];
  const items = await kubectl.items<Live>(['get', wanted.join(','), '-A', ...label, '--show-managed-fields']);
  return new Map(items.map((one) => [keyOf(one), one]));
}

/** True for what a ledger is made of, also where the declaration no longer has it: never pruned. */
export const ofLedger = ({ kind, metadata: { name, namespace } }: Pick<Live, 'kind' | 'metadata'>): boolean =>
  (kind === 'Namespace' && name === exporter.namespace) ||
  (kind === 'StorageClass' && name === exporter.claim) ||
  (kind === 'PersistentVolumeClaim' && namespace === exporter.namespace);

/** Kubernetes makes a namespace's default account anew at once: it goes with its namespace alone. */
export const isDefaultAccount = ({ kind, metadata: { name } }: Pick<Live, 'kind' | 'metadata'>): boolean =>
  kind === 'ServiceAccount' && name === 'default';
