import { unless, type Checkup, type Trouble } from '../../../../model/checkup.ts';
import { CREDITS } from '../../../../model/queues/credits.ts';
import { transformations } from '../../../../model/queues/transformations.ts';
import { queuesOf } from '../../../queues/queues-of.ts';
import { some, type There } from '../../context.ts';
import { atWork, unattended } from './at-work.ts';
import { amount, conditionOf, firsts, full, holds, type LiveWorkload } from './live.ts';

/** The canary: what runs with chips and is charged no credits, or others than its chips are worth. */
export const enforced: Checkup<There> = {
  name: { zh: '配额是否生效', en: 'quotas in force' },
  run: async (there) => {
    const { reader, view } = there;
    const each = new Map(transformations(view.plan, view.queuedPools).rows.map((row) => [row.resource, row.credits]));
    const running = (await reader.items<LiveWorkload>('workloads.kueue.x-k8s.io')).filter(
      (one) => one.status?.admission && holds(one, 'QuotaReserved') && !holds(one, 'Finished'),
    );
    const troubles: Trouble[] = [];
    let seen = 0;
    for (const { tenant, credits } of queuesOf(view)) {
      if (!credits) continue;
      const own = running
        .filter(({ status }) => status?.admission?.clusterQueue === tenant.id)
        .map((workload) => ({ workload, ...chargeOf(workload, each) }))
        .filter(({ due }) => due > 0);
      seen += own.length;
      const free = own.filter(({ paid }) => paid === 0);
      const other = own.filter(({ paid, due }) => paid > 0 && paid !== due);
      const [odd] = other;
      if (free.length > 0) {
        const names = firsts(free.map(({ workload }) => full(workload)));
        const since = sinceOf(free.map(({ workload }) => workload));
        troubles.push({
          where: `ClusterQueue ${tenant.id}`,
          what: {
            zh: `配额没有生效：${names.zh} 占着加速器，却不计 ${CREDITS}，自 ${since} 起`,
            en: `the quota is not in force: ${names.en} has chips and is charged no ${CREDITS}, since ${since}`,
          },
          todo: {
            zh: '恢复 Kueue 的换算配置并重启控制器（见上面「Kueue 的配置」）；已准入的作业不会补记，重新提交后才计数',
            en: "bring back the transformations of Kueue's configuration (see there) and restart its controller; what is admitted stays uncharged until it is submitted again",
          },
        });
      }
      if (odd) {
        const names = firsts(other.map(({ workload }) => full(workload)));
        const since = sinceOf(other.map(({ workload }) => workload));
        troubles.push({
          where: `ClusterQueue ${tenant.id}`,
          what: {
            zh: `${names.zh} 按别的系数计：${odd.paid} 个 ${CREDITS}，按声明应为 ${odd.due}，自 ${since} 起`,
            en: `${names.en} is charged by another coefficient: ${odd.paid} ${CREDITS}, which by the declaration is ${odd.due}, since ${since}`,
          },
          todo: {
            zh: '系数在准入时定下：刚改过目录或声明时，旧作业结束后即一致；否则核对 Kueue 的配置',
            en: "a coefficient is fixed at admission: after a change of catalogue or declaration old jobs keep theirs until they end; else compare Kueue's configuration",
          },
        });
      }
    }
    if (troubles.length === 0 && seen === 0 && (await atWork(there)).idle) return unattended;
    return unless(
      troubles,
      seen > 0
        ? { zh: `${seen} 个在用加速器的作业都已计数`, en: `charged: ${some(seen, 'job')} with chips` }
        : { zh: '现在没有作业在用加速器', en: 'no job has chips now' },
    );
  },
};

function chargeOf({ status }: LiveWorkload, each: ReadonlyMap<string, number>): { paid: number; due: number } {
  let paid = 0;
  let due = 0;
  for (const { resourceUsage = {} } of status?.admission?.podSetAssignments ?? []) {
    paid += amount(resourceUsage[CREDITS]);
    for (const [name, credits] of each) due += amount(resourceUsage[name]) * credits;
  }
  return { paid, due };
}

const sinceOf = (workloads: readonly LiveWorkload[]): string =>
  workloads.map((one) => conditionOf(one, 'QuotaReserved')?.lastTransitionTime ?? '').toSorted()[0] ?? '';
