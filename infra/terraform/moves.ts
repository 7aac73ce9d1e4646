import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import type { TerraformResource } from './cdktf.ts';

/** The id under which Terraform knows the stacks of a cluster: a rename goes on with the state that is there. */
export const stateKey = ({ id, moved_from: before }: Cluster['cluster'], stack: string): string =>
  `${before ?? id}-${stack}`;

/** Old names of a cluster's renamed pools, by the new ones. */
export const renamedPools = ({ pools }: Cluster): ReadonlyMap<string, string> =>
  new Map(pools.flatMap(({ id, moved_from: before }) => (before === undefined ? [] : [[id, before] as const])));

/** What is named after its pool: RuntimeClass, DeviceClass and whatever else takes the pool's id whole. */
export const oldName = ({ metadata }: KubernetesObject, renamed: ReadonlyMap<string, string>): string | undefined =>
  renamed.get(metadata.name);

/** Writes Terraform's `moved` block: the resource was known under another logical id in the same stack. */
export const moved = (resource: TerraformResource, before: string): void =>
  resource.moveFromId(`${resource.terraformResourceType}.${before}`);
