import { unless, type Checkup, type Trouble } from '../../../../model/checkup.ts';
import { CREDITS } from '../../../../model/queues/credits.ts';
import { transformations } from '../../../../model/queues/transformations.ts';
import type { Text } from '../../../../model/text.ts';
import type { There } from '../../context.ts';
import { atWork, unattended } from './at-work.ts';
import { inVain } from './in-vain.ts';
import { liveConfiguration } from './live-configuration.ts';
import {
  conditionOf,
  firsts,
  full,
  holds,
  type LiveClusterQueue,
  type LiveLocalQueue,
  type LiveWorkload,
} from './live.ts';

const PATIENCE = 600_000; // ms; what waits for room is told by boards, what waits in vain is told here

/** Jobs that wait in vain, and those that wait without a word. */
export const waiting: Checkup<There> = {
  name: { zh: '一直等待的作业', en: 'jobs that wait for ever' },
  run: async (there) => {
    const { reader, now } = there;
    const all = await reader.items<LiveWorkload>('workloads.kueue.x-k8s.io');
    const waits = all.filter((one) => !holds(one, 'QuotaReserved') && !holds(one, 'Finished'));
    const troubles: Trouble[] = [];
    const tell = (own: readonly LiveWorkload[], what: Text, todo: Text, message = '') => {
      if (own.length === 0) return;
      const names = firsts(own.map(full));
      const [zh, en] = message === '' ? ['', ''] : [`（${message}）`, ` (${message})`];
      troubles.push({
        where: `Workload ${names.en}`,
        what: { zh: `${what.zh}${zh}`, en: `${what.en}${en}` },
        todo,
      });
    };
    const long = waits.filter((one) => now() - sinceOf(one) > PATIENCE && one.spec.active !== false);
    for (const queue of Map.groupBy(long, queueOf).values()) {
      for (const { reason, says, what, todo } of inVain) {
        const own = queue.filter((one) => {
          const said = conditionOf(one, 'QuotaReserved');
          return said !== undefined && (said.reason === reason || says.test(said.message));
        });
        const [first] = own;
        tell(own, what, todo, first && conditionOf(first, 'QuotaReserved')?.message);
      }
    }
    const rejected = waits.filter(({ status }) => status?.admissionChecks?.some(({ state }) => state === 'Rejected'));
    const [no] = rejected;
    tell(
      rejected,
      { zh: '被准入检查拒绝，已停用', en: 'was rejected by an admission check and is out of the queue' },
      {
        zh: '排除原因后重新提交；spec.managedBy 不对时，是管理集群没有注册 Kueue 的 webhook',
        en: "submit it again once the cause is gone; where it is spec.managedBy, the manager's Kueue has no webhook registered",
      },
      no?.status?.admissionChecks?.find(({ state }) => state === 'Rejected')?.message,
    );
    troubles.push(...(await silent(there, long, waits)));
    if (troubles.length === 0 && (await atWork(there)).idle) return unattended;
    return unless(
      troubles,
      waits.length > 0
        ? { zh: `${waits.length} 个在等，都等得到`, en: `${waits.length} wait, none in vain` }
        : { zh: '没有作业在等', en: 'no job waits' },
    );
  },
};

const queueOf = ({ metadata, spec }: LiveWorkload): string => `${metadata.namespace}/${spec.queueName ?? ''}`;
const sinceOf = (one: LiveWorkload): number =>
  Date.parse(conditionOf(one, 'QuotaReserved')?.lastTransitionTime ?? one.metadata.creationTimestamp);

/**
 * Kueue stays silent about a pod that asks for one thing that its queue covers and another that it does not, and about the
 * twins of a job that waits: the latter are well, as their twin says why.
 */
async function silent(
  { reader, view }: There,
  long: readonly LiveWorkload[],
  waits: readonly LiveWorkload[],
): Promise<Trouble[]> {
  const mute = long.filter((one) => {
    const said = conditionOf(one, 'QuotaReserved');
    return said === undefined || said.reason === 'PendingEvaluation';
  });
  if (mute.length === 0) return [];
  const [doors, queues, found] = await Promise.all([
    reader.items<LiveLocalQueue>('localqueues.kueue.x-k8s.io'),
    reader.items<LiveClusterQueue>('clusterqueues.kueue.x-k8s.io'),
    liveConfiguration(reader, view.cluster.kueue.namespace),
  ]);
  const resources = found?.configuration?.resources;
  const chips = new Set([
    CREDITS,
    ...transformations(view.plan, view.queuedPools).rows.map(({ resource }) => resource),
  ]);
  const excluded = resources?.excludeResourcePrefixes ?? [];
  return [...Map.groupBy(mute, queueOf)].flatMap(([at, own]): Trouble[] => {
    const door = doors.find((one) => full(one) === at);
    const queue = queues.find(({ metadata }) => metadata.name === door?.spec.clusterQueue);
    const covered = new Set(queue?.spec.resourceGroups?.flatMap(({ coveredResources }) => coveredResources));
    const uncovered = new Set(
      own.flatMap((one) => {
        const asked = askedBy(one).filter((name) => !excluded.some((prefix) => name.startsWith(prefix)));
        const turned = asked.some((name) => resources?.transformations?.some(({ input }) => input === name));
        return [...asked, ...(turned ? [CREDITS] : [])].filter((name) => queue && !covered.has(name));
      }),
    );
    const told = waits.some((one) => queueOf(one) === at && !mute.includes(one) && conditionOf(one, 'QuotaReserved'));
    if (uncovered.size === 0 && told) return [];
    const names = firsts(own.map(full));
    const list = [...uncovered].toSorted();
    return [
      {
        where: `Workload ${names.en}`,
        what:
          list.length > 0
            ? {
                zh: `等待且没有任何提示：它要 ${list.join('、')}，而 ClusterQueue ${queue?.metadata.name} 不含`,
                en: `waits without a word: it asks for ${list.join(', ')}, which ClusterQueue ${queue?.metadata.name} does not cover`,
              }
            : {
                zh: '等待超过 10 分钟，没有任何提示',
                en: 'has waited for more than 10 minutes without a word',
              },
        todo: list.some((name) => chips.has(name))
          ? {
              zh: '作业只要它的队列所含的卡，或在 tenants[].quota 中给租户这种卡的配额（kubectl get clusterqueue 可见所含资源）',
              en: 'let the job ask for chips that its queue covers, or give the tenant a quota of these (tenants[].quota)',
            }
          : list.length > 0
            ? {
                zh: '作业不要这些资源，或把它们写入 Kueue 的 excludeResourcePrefixes（clusters[].resources、kueue.count_hosts）',
                en: "let the job do without, or have Kueue's configuration exclude them (clusters[].resources, kueue.count_hosts)",
              }
            : {
                zh: '查看 Kueue 控制器是否运行，以及日志中该作业的错误',
                en: "see that Kueue's controller runs, and what its log says of it",
              },
      },
    ];
  });
}

const askedBy = ({ spec }: LiveWorkload): string[] => [
  ...new Set(
    spec.podSets.flatMap(({ template }) =>
      [...(template.spec.initContainers ?? []), ...template.spec.containers].flatMap(({ resources }) =>
        Object.keys({ ...resources?.limits, ...resources?.requests }),
      ),
    ),
  ),
];
