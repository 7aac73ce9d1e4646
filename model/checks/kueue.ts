import { fault } from '../fault.ts';
import { known } from '../nearest.ts';
import { queueWorkers, workersOf } from '../queues/scope.ts';
import type { Cluster, Estate } from '../schema/estate.ts';
import { select, type Check, type CrossFault } from './check.ts';

/** What says how Kueue runs, which it does not where it is not enabled. Read as it is written: some have defaults. */
const SETTINGS = ['manage_config', 'count_hosts', 'defaults', 'workers', 'kubeconfig', 'metrics'];

export const kueueEnabled: Check = ({ raw }) =>
  select(raw.estate, 'clusters.*.kueue').flatMap(({ path, value }) =>
    typeof value !== 'object' || value === null || Reflect.get(value, 'enabled') === true
      ? []
      : SETTINGS.flatMap((key): CrossFault[] => {
          const set: unknown = Reflect.get(value, key);
          if (set === undefined || set === false) return [];
          return [{ file: 'estate', raw: true, fault: fault([...path, key], 'use', 'kueue_disabled', { key }) }];
        }),
  );

/** Settings that one role alone has, by their place in a cluster, and whether a cluster has it. */
const OF_ROLE: readonly (readonly [
  wanted: readonly Cluster['role'][],
  path: readonly string[],
  set: (one: Cluster) => boolean,
])[] = [
  [['worker', 'manager'], ['kueue', 'enabled'], ({ kueue }) => kueue.enabled],
  [['worker'], ['volcano', 'enabled'], ({ volcano }) => volcano.enabled],
  [['manager'], ['kueue', 'workers'], ({ kueue }) => kueue.workers !== undefined],
  [['worker'], ['kueue', 'kubeconfig'], ({ kueue }) => kueue.kubeconfig !== undefined],
];

export const kueueRoles: Check = ({ data: { estate } }) =>
  (estate?.clusters ?? []).flatMap((one, i) =>
    OF_ROLE.filter(([wanted, , set]) => set(one) && !wanted.includes(one.role)).map(([wanted, path]): CrossFault => {
      const params = { key: path.join('.'), wanted: wanted.join(' | '), role: one.role };
      return { file: 'estate', fault: fault(['clusters', i, ...path], 'use', 'kueue_role', params) };
    }),
  );

const managersIn = ({ clusters }: Estate) =>
  clusters.flatMap((one, i) => (one.role === 'manager' && one.kueue.enabled ? [{ one, i }] : []));

/** Whom a manager hands jobs to has a Kueue that takes them. */
export const managerWorkers: Check = ({ data: { estate } }) => {
  if (!estate) return [];
  const takers = queueWorkers(estate).map(({ id }) => id);
  return managersIn(estate).flatMap(({ one, i }) =>
    (one.kueue.workers ?? []).flatMap((cluster, j): CrossFault[] => {
      // Who is not there at all is told by itself.
      if (takers.includes(cluster) || !estate.clusters.some(({ id }) => id === cluster)) return [];
      const params = { cluster, known: known(takers) || '-' };
      return [{ file: 'estate', fault: fault(['clusters', i, 'kueue', 'workers', j], 'use', 'no_worker', params) }];
    }),
  );
};

/** A worker has one manager: two would each hand it what the tenant may use in all. */
export const managersApart: Check = ({ data: { estate } }) => {
  if (!estate) return [];
  const managers = managersIn(estate);
  return managers.flatMap(({ one, i }, at): CrossFault[] => {
    const own = new Set(workersOf(estate, one).map(({ id }) => id));
    for (const { one: other } of managers.slice(0, at)) {
      const both = workersOf(estate, other).flatMap(({ id }) => (own.has(id) ? [id] : []));
      if (both.length === 0) continue;
      const path = ['clusters', i, ...(one.kueue.workers ? ['kueue', 'workers'] : ['role'])];
      return [
        { file: 'estate', fault: fault(path, 'use', 'worker_shared', { other: other.id, workers: known(both) }) },
      ];
    }
    return [];
  });
};
