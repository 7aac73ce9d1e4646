import { acceleratorOf } from '../../model/accelerator-of.ts';
import type { Plan } from '../../model/plan.ts';
import { quotaUnit, unitsOf } from '../../model/quota-unit.ts';
import type { Text } from '../../model/text.ts';

/**
 * A quota with fewer units than its tenant has namespaces leaves the last of them with nothing. Where Kueue runs it adds the
 * namespaces up, and nothing is shared out.
 */
export const thinQuotas = (plan: Plan): Text[] => {
  const { tenants, pools, clusters } = plan.estate;
  const queued = new Set(clusters.filter(({ kueue }) => kueue.enabled).map(({ id }) => id));
  return tenants.flatMap(({ id, namespaces, quota }) =>
    quota.flatMap(({ pool: of, pflops, slice }): Text[] => {
      const pool = pools.find((one) => one.id === of);
      const accelerator = pool && !queued.has(pool.cluster) ? acceleratorOf(plan, pool) : undefined;
      const unit = pool && accelerator && quotaUnit(pool, accelerator, slice);
      const units = unit ? unitsOf(pflops, unit) : 0;
      if (!unit || units === 0 || units >= namespaces.length) return [];
      const without = namespaces.slice(units);
      return [
        {
          zh: `注意：租户 ${id} 在 ${pool.id} 的配额只有 ${units} ${unit.name.zh}，命名空间 ${without.join('、')} 分不到，那里的容器组会一直等待`,
          en: `note: counted in ${unit.name.en}, tenant ${id} has ${units} on ${pool.id}, none of which is left for ${without.join(', ')}: pods there would wait for ever`,
        },
      ];
    }),
  );
};
