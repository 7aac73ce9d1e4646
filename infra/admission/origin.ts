import type { Estate } from '../../model/schema/estate.ts';
import type { KubernetesObject } from '../kubernetes.ts';

type Path = readonly (string | number)[];

/** Where in the estate an object comes from, and how people call that. */
export interface Origin {
  /** pool p-910b, tenant copper-ai … */
  readonly name: string;
  readonly path: Path;
}

const marks = new WeakMap<KubernetesObject, Path>();

/** Marks objects with the entry of the estate that they come from: what no label or namespace of theirs tells. */
export function stemmingFrom<T extends KubernetesObject>(path: Path, objects: readonly T[]): readonly T[] {
  for (const object of objects) marks.set(object, path);
  return objects;
}

/** The entry of the estate that an object comes from: as marked, else by its labels, its namespace or its name, else its cluster. */
export function originOf(object: KubernetesObject, cluster: string, { pools, tenants, clusters }: Estate): Origin {
  const marked = marks.get(object);
  if (marked) return { name: marked.join(' '), path: marked };
  const { name, namespace, labels } = object.metadata;
  const tenant = tenants.findIndex(
    ({ id, namespaces }) => id === labels['greenflops.io/tenant'] || namespaces.includes(namespace ?? name),
  );
  if (tenant >= 0) return { name: `tenant ${tenants[tenant]?.id}`, path: ['tenants', tenant] };
  const pool = pools.findIndex(
    ({ id, cluster: of }) => of === cluster && (id === labels['greenflops.io/pool'] || id === name),
  );
  if (pool >= 0) return { name: `pool ${pools[pool]?.id}`, path: ['pools', pool] };
  return { name: `cluster ${cluster}`, path: ['clusters', clusters.findIndex(({ id }) => id === cluster)] };
}
