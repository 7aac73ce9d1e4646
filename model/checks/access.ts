import { fault } from '../fault.ts';
import type { Path } from '../yaml-tree.ts';
import type { Check, CrossFault, Draft } from './check.ts';
import { mayLieUnder } from './data-flow.ts';

/** A dataset lies only where its class is allowed. */
export const datasetClasses: Check = (draft) =>
  (draft.data.estate?.datasets ?? []).flatMap(({ class: dataClass, clusters }, i) =>
    clusters.flatMap((cluster, j) => refusal(draft, dataClass, cluster, ['datasets', i, 'clusters', j])),
  );

/** What is more than general lies under one law, wherever its copies are. */
export const datasetJurisdictions: Check = ({ data: { estate } }) =>
  (estate?.datasets ?? []).flatMap((dataset, i) =>
    dataset.clusters.flatMap((id, j): CrossFault[] => {
      const abroad = estate?.clusters.find((cluster) => cluster.id === id)?.jurisdiction;
      if (abroad === undefined || mayLieUnder(dataset, abroad)) return [];
      const params = { class: dataset.class, home: dataset.jurisdiction, cluster: id, abroad };
      return [{ file: 'estate', fault: fault(['datasets', i, 'clusters', j], 'use', 'jurisdiction', params) }];
    }),
  );

/** A tenant's quota lies only on clusters that its class of data may enter. */
export const tenantClasses: Check = (draft) =>
  (draft.data.estate?.tenants ?? []).flatMap(({ data_class: dataClass, quota }, i) =>
    quota.flatMap(({ pool: id, cluster: named }, j) => {
      const key = id === undefined ? 'cluster' : 'pool';
      const cluster = id === undefined ? named : draft.data.estate?.pools.find((pool) => pool.id === id)?.cluster;
      return refusal(draft, dataClass, cluster, ['tenants', i, 'quota', j, key]);
    }),
  );

function refusal(draft: Draft, dataClass: string, clusterId: string | undefined, path: Path): CrossFault[] {
  const cluster = draft.data.estate?.clusters.find(({ id }) => id === clusterId);
  const allowed: readonly string[] = cluster?.data_classes ?? [dataClass];
  if (allowed.includes(dataClass)) return [];
  const params = { class: dataClass, cluster: clusterId ?? '', allowed: allowed.join(', ') };
  return [{ file: 'estate', fault: fault(path, 'use', 'data_class', params) }];
}
