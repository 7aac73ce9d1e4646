import { fault } from '../fault.ts';
import type { Estate } from '../schema/estate.ts';
import { select, type Check, type CrossFault, type Draft } from './check.ts';
import { flowMap } from './flow-map.ts';

/** Entries with a fault of their own are not in the data: what they would have joined is not known. */
const whole = ({ raw, data: { estate } }: Draft): Estate | undefined =>
  estate &&
  (['clusters', 'pools', 'tenants'] as const).every(
    (list) => select(raw.estate, `${list}.*`).length === estate[list].length,
  ) &&
  estate.tenants.every(({ quota }) =>
    quota.every(({ pool }) => pool === undefined || estate.pools.some(({ id }) => id === pool)),
  )
    ? estate
    : undefined;

/** Whom a dataset or a tenant names is on a cluster with it: otherwise no byte ever passes, whatever was meant. */
export const commonCluster: Check = (draft) => {
  const estate = whole(draft);
  if (!estate) return [];
  const { tenants } = flowMap(estate);
  const apart = (one: string, here: Iterable<string>, other: string, path: (string | number)[]): CrossFault[] => {
    const there = tenants.get(other)?.on;
    const own = [...here];
    if (!there || own.some((cluster) => there.has(cluster))) return [];
    const params = { one, here: own.join(', ') || '-', other, there: [...there].join(', ') || '-' };
    return [{ file: 'estate', fault: fault(path, 'use', 'no_common_cluster', params) }];
  };
  return [
    ...estate.datasets.flatMap(({ id, clusters, readers }, i) =>
      readers.flatMap((reader, k) => apart(id, clusters, reader, ['datasets', i, 'readers', k])),
    ),
    ...[...tenants].flatMap(([id, { index, on, edges }]) =>
      edges.flatMap(({ egress, index: k }) =>
        'tenant' in egress ? apart(id, on, egress.tenant, ['tenants', index, 'egress', k, 'tenant']) : [],
      ),
    ),
  ];
};
