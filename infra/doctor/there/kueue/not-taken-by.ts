import { CREDITS } from '../../../../model/queues/credits.ts';
import type { Text } from '../../../../model/text.ts';
import type { Declared, Item, There } from '../../context.ts';
import { otherCoefficients } from './differences.ts';
import { liveConfiguration } from './live-configuration.ts';
import {
  amount,
  conditionOf,
  full,
  holds,
  type LiveClusterQueue,
  type LiveLocalQueue,
  type LiveWorkload,
} from './live.ts';

export interface Cause {
  readonly what: Text;
  readonly todo: Text;
}

const deploy: Text = { zh: '运行 npm run deploy', en: 'run npm run deploy' };

/** Why that worker does not take it, the first cause in the order in which Kueue meets them. */
export async function notTakenBy(manager: There, worker: Declared, workload: LiveWorkload): Promise<Cause> {
  const { reader } = worker;
  const { namespace = '', name } = workload.metadata;
  const queueName = workload.spec.queueName ?? '';
  try {
    const [namespaces, doors, queues, copies] = await Promise.all([
      reader.items<Item>('namespaces'),
      reader.items<LiveLocalQueue>('localqueues.kueue.x-k8s.io'),
      reader.items<LiveClusterQueue>('clusterqueues.kueue.x-k8s.io'),
      reader.items<LiveWorkload>('workloads.kueue.x-k8s.io'),
    ]);
    if (!namespaces.some(({ metadata }) => metadata.name === namespace))
      return {
        what: { zh: `没有命名空间 ${namespace}`, en: `it has no namespace ${namespace}` },
        todo: deploy,
      };
    const door = doors.find((one) => full(one) === `${namespace}/${queueName}`);
    if (!door)
      return {
        what: {
          zh: `命名空间 ${namespace} 中没有 LocalQueue ${queueName}`,
          en: `it has no LocalQueue ${queueName} in namespace ${namespace}`,
        },
        todo: deploy,
      };
    const queue = queues.find(({ metadata }) => metadata.name === door.spec.clusterQueue);
    if (!queue || !holds(queue, 'Active'))
      return {
        what: {
          zh: `它的 ClusterQueue ${door.spec.clusterQueue} 不准入作业`,
          en: `its ClusterQueue ${door.spec.clusterQueue} admits nothing`,
        },
        todo: { zh: '见该集群的「队列」一项', en: 'see what is said of queues there' },
      };
    const coefficients = await differing(manager, worker);
    if (coefficients) return coefficients;
    const short = exceeding(workload, queue);
    if (short.length > 0)
      return {
        what: {
          zh: `它的 ClusterQueue ${queue.metadata.name} 配额不够：${short.join('、')}`,
          en: `its ClusterQueue ${queue.metadata.name} may never hold that much: ${short.join(', ')}`,
        },
        todo: {
          zh: '减少作业要的加速器，或提高在该集群的配额；作业只能整个交给一个集群',
          en: 'let it ask for fewer chips, or raise the quota there; a job goes to one cluster whole',
        },
      };
    const copy = copies.find((one) => full(one) === `${namespace}/${name}`);
    const said = copy && conditionOf(copy, 'QuotaReserved');
    return {
      what: said
        ? { zh: `在那里等待（${said.message}）`, en: `it waits there (${said.message})` }
        : copy
          ? { zh: '在那里等待，没有任何提示', en: 'it waits there without a word' }
          : { zh: '作业没有送到', en: 'it has not arrived there' },
      todo: copy
        ? { zh: '见该集群的检查', en: 'see the checks of that cluster' }
        : {
            zh: `查看管理集群 Kueue 控制器日志中 ${namespace}/${name} 的错误`,
            en: `see what the log of the manager's Kueue says of ${namespace}/${name}`,
          },
    };
  } catch {
    return {
      what: { zh: '没有回答，原因看不出来', en: 'it does not answer, so the cause is open' },
      todo: { zh: '先看该集群的检查', en: 'see the checks of that cluster first' },
    };
  }
}

/** Credits that are counted otherwise there: what the manager takes for enough the worker does not. */
async function differing(manager: There, worker: Declared): Promise<Cause | undefined> {
  const [own, there] = await Promise.all(
    [manager, worker].map(({ reader, view }) => liveConfiguration(reader, view.cluster.kueue.namespace)),
  );
  if (!own?.configuration || !there?.configuration) return undefined;
  // The manager weighs all its workers' models, the worker its own alone.
  const inputs = new Set(there.configuration.resources?.transformations?.map(({ input }) => input));
  const { resources } = own.configuration;
  const shared = resources?.transformations?.filter(({ input }) => inputs.has(input)) ?? [];
  const [first] = otherCoefficients({ resources: { transformations: shared } }, there.configuration);
  return (
    first && {
      what: { zh: `系数与管理集群不同：${first.zh}`, en: `it counts otherwise than the manager: ${first.en}` },
      todo: { zh: '见两个集群的「Kueue 的配置」', en: "see what is said of Kueue's configuration on both" },
    }
  );
}

/** What it needs beyond all that the queue could ever get. */
function exceeding({ status }: LiveWorkload, { spec }: LiveClusterQueue): string[] {
  const needs = new Map<string, number>();
  for (const { resourceUsage = {} } of status?.admission?.podSetAssignments ?? [])
    for (const [name, value] of Object.entries(resourceUsage)) needs.set(name, (needs.get(name) ?? 0) + amount(value));
  return [...needs].flatMap(([name, need]) => {
    const quotas = (spec.resourceGroups ?? []).flatMap(({ flavors }) =>
      flavors.flatMap(({ resources }) => resources.filter((one) => one.name === name)),
    );
    if (quotas.length === 0) return name === CREDITS ? [] : [`${name} ${need} > 0`];
    const most = Math.max(
      ...quotas.map(({ nominalQuota, borrowingLimit }) =>
        borrowingLimit === undefined ? Infinity : amount(nominalQuota) + amount(borrowingLimit),
      ),
    );
    return need > most ? [`${name} ${need} > ${most}`] : [];
  });
}
