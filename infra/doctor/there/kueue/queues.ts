import { unless, type Checkup, type Trouble } from '../../../../model/checkup.ts';
import type { Text } from '../../../../model/text.ts';
import { some, unknown, type Item, type There } from '../../context.ts';
import { atWork, unattended } from './at-work.ts';
import { conditionOf, firsts, full, selects, type LiveClusterQueue, type LiveLocalQueue } from './live.ts';

interface Cause {
  readonly what: Text;
  readonly todo: Text;
}
const deploy: Text = { zh: '运行 npm run deploy', en: 'run npm run deploy' };

/** Kueue's reasons for a queue that admits nothing, in words. Its own message stands behind them. */
const causes: Readonly<Record<string, Cause>> = {
  Stopped: {
    what: { zh: '被停用（stopPolicy）', en: 'it is stopped (stopPolicy)' },
    todo: {
      zh: '若非有意：kubectl patch clusterqueue … --type=merge -p {"spec":{"stopPolicy":"None"}}',
      en: 'unless that is meant: kubectl patch clusterqueue … --type=merge -p {"spec":{"stopPolicy":"None"}}',
    },
  },
  FlavorNotFound: { what: { zh: '它的 ResourceFlavor 不存在', en: 'a ResourceFlavor of it is missing' }, todo: deploy },
  TopologyNotFound: { what: { zh: '它的 Topology 不存在', en: 'a Topology of it is missing' }, todo: deploy },
  AdmissionCheckNotFound: {
    what: { zh: '它的 AdmissionCheck 不存在', en: 'an AdmissionCheck of it is missing' },
    todo: deploy,
  },
  AdmissionCheckInactive: {
    what: { zh: '它的 AdmissionCheck 没有激活', en: 'an AdmissionCheck of it is not active' },
    todo: {
      zh: 'kubectl get admissionchecks 查看原因',
      en: 'kubectl get admissionchecks says why',
    },
  },
  Terminating: {
    what: { zh: '正在删除', en: 'it is being deleted' },
    todo: {
      zh: '等它的作业结束；要留下它就再部署一次',
      en: 'its jobs have to end first; deploy again where it should stay',
    },
  },
};
const other: Cause = {
  what: { zh: '没有激活', en: 'it is not active' },
  todo: { zh: '按 Kueue 的说明处理', en: "see to what Kueue's message says" },
};
const GRACE = 30_000; // ms; the controller takes one second

/** Queues that admit nothing, doors that lead nowhere, and namespaces without one. */
export const queues: Checkup<There> = {
  name: { zh: '队列', en: 'queues' },
  run: async (there) => {
    const { reader, objects, view, now } = there;
    const [clusterQueues, localQueues, namespaces] = await Promise.all([
      reader.items<LiveClusterQueue>('clusterqueues.kueue.x-k8s.io'),
      reader.items<LiveLocalQueue>('localqueues.kueue.x-k8s.io'),
      reader.items<Item>('namespaces'),
    ]);
    const declared = objects.filter(({ kind }) => kind === 'ClusterQueue').map(({ metadata }) => metadata.name);
    if (declared.length > 0 && !clusterQueues.some(({ metadata }) => declared.includes(metadata.name)))
      return unknown('还没有部署', 'not deployed yet');
    const troubles: Trouble[] = [];
    const { idle } = await atWork(there);
    const unseen: string[] = [];
    for (const name of declared) {
      const where = `ClusterQueue ${name}`;
      const queue = clusterQueues.find(({ metadata }) => metadata.name === name);
      if (!queue) {
        troubles.push({ where, what: { zh: '不存在', en: 'is not there' }, todo: deploy });
        continue;
      }
      const active = conditionOf(queue, 'Active');
      if (active?.status === 'True') continue;
      if (!active) {
        if (now() - Date.parse(queue.metadata.creationTimestamp) > GRACE) unseen.push(name);
        continue;
      }
      // On a manager the check of its workers tells what is the matter with the one that dispatches.
      if (active.reason === 'AdmissionCheckInactive' && view.cluster.role === 'manager') continue;
      const { what, todo } = causes[active.reason] ?? other;
      troubles.push({
        where,
        what: {
          zh: `不准入作业：${what.zh}（${active.reason}：${active.message}）`,
          en: `admits nothing: ${what.en} (${active.reason}: ${active.message})`,
        },
        todo,
      });
    }
    // Where no controller is at work its own check says so, once.
    if (unseen.length > 0 && !idle)
      troubles.push({
        where: `ClusterQueue ${firsts(unseen).en}`,
        what: {
          zh: '没有状态：控制器没有看过，其作业一直等待',
          en: 'without a status: no controller has looked there, and jobs wait for ever',
        },
        todo: {
          zh: '查看 Kueue 控制器日志中这些队列的错误（见「Kueue 控制器」）',
          en: "see what the log of Kueue's controller says of it (see Kueue's controller)",
        },
      });
    const doors = objects.filter(({ kind }) => kind === 'LocalQueue').map(({ metadata }) => metadata);
    for (const { name, namespace = '' } of doors) {
      if (localQueues.some(({ metadata }) => metadata.name === name && metadata.namespace === namespace)) continue;
      const housed = namespaces.some(({ metadata }) => metadata.name === namespace);
      troubles.push({
        where: `LocalQueue ${namespace}/${name}`,
        what: housed
          ? {
              zh: '不存在：不写队列名的作业不排队就运行，不计入配额；写了的一直等待',
              en: 'is not there: jobs that name no queue run uncounted, and those that name it wait for ever',
            }
          : {
              zh: '不存在，它的命名空间也不存在',
              en: 'is not there, nor is its namespace',
            },
        todo: deploy,
      });
    }
    const own = new Set(doors.map(({ namespace }) => namespace));
    for (const queue of localQueues.filter(({ metadata }) => own.has(metadata.namespace))) {
      const to = clusterQueues.find(({ metadata }) => metadata.name === queue.spec.clusterQueue);
      const labels = namespaces.find(({ metadata }) => metadata.name === queue.metadata.namespace)?.metadata.labels;
      const where = `LocalQueue ${full(queue)}`;
      if (!to && !declared.includes(queue.spec.clusterQueue))
        troubles.push({
          where,
          what: {
            zh: `指向不存在的 ClusterQueue ${queue.spec.clusterQueue}`,
            en: `leads to ClusterQueue ${queue.spec.clusterQueue}, which is not there`,
          },
          todo: {
            zh: '删除它，或改正 spec.clusterQueue（须重建）',
            en: 'delete it, or make it anew with the right spec.clusterQueue',
          },
        });
      else if (
        to &&
        !selects(to.spec.namespaceSelector, {
          'kubernetes.io/metadata.name': queue.metadata.namespace ?? '',
          ...labels,
        })
      )
        troubles.push({
          where,
          what: {
            zh: `ClusterQueue ${to.metadata.name} 的 namespaceSelector 不选中这个命名空间：LocalQueue 显示正常，作业却一直等待`,
            en: `namespaceSelector of ClusterQueue ${to.metadata.name} leaves this namespace out: it looks active, and its jobs wait for ever`,
          },
          todo: {
            zh: '运行 npm run deploy 恢复命名空间的标签和队列；别的队列须由声明加入',
            en: "run npm run deploy, which brings the namespace's labels and the queue back; a queue of somebody else's has to be declared",
          },
        });
      else if (conditionOf(queue, 'Active')?.reason === 'Stopped')
        troubles.push({
          where,
          what: { zh: '被停用（stopPolicy）：作业一直等待', en: 'is stopped (stopPolicy): its jobs wait' },
          todo: {
            zh: `若非有意：kubectl --context ${reader.context} -n ${queue.metadata.namespace} patch localqueue ${queue.metadata.name} --type=merge -p '{"spec":{"stopPolicy":"None"}}'`,
            en: `unless that is meant: kubectl --context ${reader.context} -n ${queue.metadata.namespace} patch localqueue ${queue.metadata.name} --type=merge -p '{"spec":{"stopPolicy":"None"}}'`,
          },
        });
    }
    if (troubles.length === 0 && idle) return unattended;
    return unless(troubles, {
      zh: `${declared.length} 个队列都在准入，${doors.length} 个命名空间都有入口`,
      en: `${some(declared.length, 'queue')} in use, ${some(doors.length, 'door')} in the tenants' namespaces`,
    });
  },
};
