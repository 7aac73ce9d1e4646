import type { Plan } from '../../model/plan.ts';
import { pflopsOfCredits } from '../../model/queues/credits.ts';
import { acceleratorOf } from '../../model/accelerator-of.ts';
import { poolResources } from '../../model/queues/pool-resources.ts';
import { transformations } from '../../model/queues/transformations.ts';
import type { Pool } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import { controllersOf } from './controllers.ts';
import type { Obstacle, Rule } from './obstacle.ts';
import { atOneTime } from './shared-names.ts';

/** A name for each model, by the way in which the pool hands out its chips. */
const ownName: Readonly<Record<Pool['sharing']['by'], Text>> = {
  whole: {
    zh: '若设备插件能按型号命名，请写 resource（如 huawei.com/Ascend910B3）；否则用 MIG 切片、HAMi 或 DRA（sharing.by）',
    en: 'write resource where the device plugin has a name for each model (like huawei.com/Ascend910B3), else share one of them by MIG slices, HAMi or DRA (sharing.by)',
  },
  slices: { zh: '请让两个池用不同的切片', en: 'offer different slices in the two' },
  'time-slicing': {
    zh: '请让两个池每卡的份额一样大，或用 MIG 切片、DRA',
    en: 'give a turn the same size in both, or use MIG slices or DRA',
  },
  hami: { zh: '请改用整卡、MIG 切片或 DRA', en: 'share one of them whole, by MIG slices or by DRA' },
  dra: { zh: '请改名', en: 'rename one' },
};

/** Where one of the two asks for the name beside that which counts, as HAMi's pods ask for chips beside parts of them. */
const beside: Text = {
  zh: '请让两个池之一改用 MIG 切片或 DRA（sharing.by），型号相同的也可两边都用 HAMi 或都用整卡',
  en: 'share one of the two by MIG slices or DRA (sharing.by), or, where both are of one model, both by HAMi or both whole',
};

/** Credits of one; undefined where it counts nothing. */
const worth = (plan: Plan, pool: Pool, name: string): number | undefined => {
  const accelerator = acceleratorOf(plan, pool);
  return accelerator && poolResources(pool, accelerator).find((one) => one.name === name)?.credits;
};

const told = (credits: number | undefined): Text =>
  credits === undefined
    ? { zh: '不计 PFlops（与份额一同申请）', en: 'nothing (pods ask for it beside the parts that count)' }
    : { zh: `值 ${pflopsOfCredits(credits)} PFlops`, en: `${pflopsOfCredits(credits)} PFlops` };

/** Kueue multiplies a resource name by one figure, whatever chip it is of: models that differ need names that differ. */
export const weights: Rule = (plan) => {
  const { estate } = plan;
  const seen = new Set<string>();
  return controllersOf(estate).flatMap(({ cluster, workers }) => {
    const ids = new Set(workers.map(({ id }) => id));
    const pools = estate.pools.filter((pool) => ids.has(pool.cluster));
    return pools.flatMap((pool, at): Obstacle[] => {
      const before = pools.slice(0, at).filter((one) => atOneTime(one, pool));
      const clash = transformations(plan, [...before, pool]).clashes.find((one) => one.pools.includes(pool));
      const other = clash?.pools.find(
        (one) => one !== pool && worth(plan, one, clash.resource) !== worth(plan, pool, clash.resource),
      );
      if (!clash || !other || seen.has(pool.id)) return [];
      seen.add(pool.id);
      const { resource } = clash;
      const [one, two] = [worth(plan, other, resource), worth(plan, pool, resource)];
      const [theirs, ours] = [told(one), told(two)];
      const fix = one === undefined || two === undefined ? beside : ownName[pool.sharing.by];
      const apart: Text =
        cluster.role === 'manager'
          ? {
              zh: `，或在管理集群 ${cluster.id} 的 kueue.workers 中只留两个集群之一`,
              en: `, or leave one of the two clusters out of kueue.workers of ${cluster.id}`,
            }
          : { zh: '，或把它放到另一个集群', en: ', or put it on another cluster' };
      return [
        {
          path: ['pools', estate.pools.indexOf(pool), pool.sharing.by === 'whole' ? 'accelerator' : 'sharing'],
          detail: {
            zh: `集群 ${cluster.id} 的 Kueue 按资源名折算：${resource} 在资源池 ${other.id} ${theirs.zh}，在这里${ours.zh}，而一个名字只能有一个系数。${fix.zh}${apart.zh}`,
            en: `the Kueue of ${cluster.id} weighs by resource name: one ${resource} of pool ${other.id} is ${theirs.en} and one of this pool ${ours.en}, and a name has one figure. Either ${fix.en}${apart.en}`,
          },
        },
      ];
    });
  });
};
