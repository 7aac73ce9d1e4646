import { acceleratorOf } from '../../model/accelerator-of.ts';
import type { Plan } from '../../model/plan.ts';
import { slicesOf } from '../../model/queues/pool-resources.ts';
import { quotaUnit, unitsOf } from '../../model/quota-unit.ts';
import type { Pool } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import { quotaKeys } from '../../model/quota-keys.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** A quota under one unit would be a quota of nothing. */
export const quotas: Rule = (plan) =>
  plan.estate.tenants.flatMap(({ quota }, i) =>
    quota.flatMap(({ pool: id, pflops, slice }, j): Obstacle[] => {
      const pool = plan.estate.pools.find((one) => one.id === id);
      const accelerator = pool && acceleratorOf(plan, pool);
      const unit = accelerator && quotaUnit(pool, accelerator, slice);
      if (!unit || unitsOf(pflops, unit) > 0) return [];
      const one = Number((Number(unit.tflops.n) / Number(unit.tflops.d) / 1000).toPrecision(6));
      const least = units[pool.sharing.by](accelerator.id, slice);
      return [
        {
          path: ['tenants', i, 'quota', j, 'pflops'],
          detail: {
            zh: `不足${least.zh}（稠密 FP16 ${one} PFlops）`,
            en: `less than ${least.en} (${one} PFlops dense FP16)`,
          },
        },
      ];
    }),
  );

const card = (id: string): Text => ({ zh: `一张 ${id} 卡`, en: `one ${id}` });
const units: Readonly<Record<Pool['sharing']['by'], (id: string, slice?: string) => Text>> = {
  whole: card,
  dra: card,
  slices: (id, slice = '') => ({ zh: `一个 ${id} ${slice} 切片`, en: `one ${slice} of a ${id}` }),
  'time-slicing': (id) => ({ zh: `一张 ${id} 卡的一个时间片份额`, en: `one turn at a ${id}` }),
  hami: (id) => ({ zh: `一张 ${id} 卡的 1%`, en: `1 % of a ${id}` }),
};

/** A pool whose chips no quota can name would be open to every tenant of the cluster. */
export const resourceNames: Rule = (plan) =>
  plan.estate.pools.flatMap((pool, i): Obstacle[] => {
    const accelerator = acceleratorOf(plan, pool);
    if (!accelerator) return []; // loadPlan has refused it
    const named = slicesOf(pool).every((slice) => quotaKeys(pool, accelerator, slice).length > 0);
    return named ? [] : [{ path: place(plan, i), detail: missing[pool.sharing.by] }];
  });

const place = ({ estate }: Plan, i: number): Obstacle['path'] =>
  estate.pools[i]?.sharing.by === 'whole' ? ['pools', i, 'accelerator'] : ['pools', i, 'sharing'];

const without = (key: string, why?: Text): Text => ({
  zh: `加速器目录中没有它的 Kubernetes 资源名（${key}），无法设配额${why ? `：${why.zh}` : ''}`,
  en: `the catalogue gives it no Kubernetes resource name (${key}), so nothing can cap it${why ? `: ${why.en}` : ''}`,
});
const other = (by: string): Text => ({
  zh: `该型号的设备插件不支持 ${by}，或目录尚未写明`,
  en: `its device plugin does not offer ${by}, or the catalogue does not say so yet`,
});
const missing: Readonly<Record<Pool['sharing']['by'], Text>> = {
  whole: without('resources'),
  slices: without('slices', other('slices')),
  'time-slicing': without('shared_resource', other('time-slicing')),
  hami: without('resources.hami', other('hami')),
  dra: without('DeviceClass'),
};
