import { acceleratorOf } from '../../../model/accelerator-of.ts';
import { label, text } from './cel.ts';
import { offeredPools } from './chips.ts';
import type { PolicyOf } from './policy.ts';
import { bookkeeping, containers, pod, workloads } from './workloads.ts';

const amount = (name: string) => `quantity(string(one.resources.limits[${text(name)}]))`;

/**
 * HAMi gives a container the same part of each chip that it asks for, and takes a part that is not stated for a whole chip;
 * a quota adds up the parts as they are written. They are the same where a container asks for one chip and says which part.
 */
export const sharedChips: PolicyOf = (cluster) => {
  const shared = offeredPools(cluster).flatMap((pool) => {
    const accelerator = pool.sharing.by === 'hami' ? acceleratorOf(cluster.plan, pool) : undefined;
    const count = accelerator?.resources['hami'];
    if (accelerator === undefined || count === undefined || accelerator.hami.cores === undefined) return [];
    const { cores, memory, memory_per_chip: all } = accelerator.hami;
    return [{ id: pool.id, count, parts: [cores, ...(memory !== undefined && all !== undefined ? [memory] : [])] }];
  });
  if (shared.length === 0) return undefined;
  return {
    name: 'shared-chips',
    title: { zh: '共享卡按份额申请', en: 'chips shared by HAMi are asked for by their part' },
    on: workloads,
    where: 'tenants',
    unless: bookkeeping(cluster),
    variables: { pod, containers },
    rules: shared.map(({ id, count, parts }) => ({
      allows:
        `${label('namespaceObject', `pool.greenflops.io/${id}`)} != 'true' || ` +
        `variables.containers.filter(one, ${text(count)} in one.?resources.?limits.orValue({})).all(one, ` +
        [
          `${amount(count)}.compareTo(quantity('1')) == 0`,
          ...parts.map(
            (name) => `${text(name)} in one.resources.limits && ${amount(name)}.isGreaterThan(quantity('0'))`,
          ),
        ].join(' && ') +
        ')',
      message: {
        zh: `资源池 ${id} 的卡按份额共享：每个容器只申请 1 个 ${count}，并写明 ${parts.join(' 和 ')}（大于 0）；需要多张整卡请改用整卡池`,
        en: `chips of pool ${id} are shared by parts: a container asks for 1 ${count} and says how much ${parts.join(' and ')} (above 0); for several whole chips use a pool of whole chips`,
      },
    })),
  };
};
