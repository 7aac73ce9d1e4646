import type { Plan } from '../../model/plan.ts';
import type { Text } from '../../model/text.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** A quota that names no pool is handed out by Kueue's queues: where no cluster has Kueue, nobody would. */
export const unboundQuotas: Rule = ({ estate }) => {
  if (estate.clusters.length === 0 || estate.clusters.some(({ kueue }) => kueue.enabled)) return [];
  return estate.tenants.flatMap(({ quota }, i) =>
    quota.flatMap(({ pool }, j): Obstacle[] =>
      pool === undefined
        ? [
            {
              path: ['tenants', i, 'quota', j],
              detail: {
                zh: '没有写明资源池的配额由 Kueue 的队列分配，而没有一个集群启用 Kueue：请写 pool，或在集群写 kueue: { enabled: true }',
                en: 'a quota without a pool is handed out by queues of Kueue, and no cluster has it: name a pool, or write kueue: { enabled: true } for a cluster',
              },
            },
          ]
        : [],
    ),
  );
};

/** Tenants that no stack makes anything for. */
export const nowhere = ({ estate }: Plan): Text[] =>
  estate.clusters.length === 0
    ? []
    : estate.tenants
        .filter(({ quota }) => quota.every(({ pool }) => pool === undefined))
        .map(({ id }) => ({
          zh: `注意：租户 ${id} 在任何资源池上都没有配额，不为它建立命名空间`,
          en: `note: tenant ${id} has a quota on no pool, so no namespace is made for it`,
        }));
