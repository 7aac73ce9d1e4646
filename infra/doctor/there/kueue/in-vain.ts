import type { Text } from '../../../../model/text.ts';

interface InVain {
  readonly reason: string;
  readonly says: RegExp;
  readonly what: Text;
  readonly todo: Text;
}

/** Waits that no other job's end cuts short, by Kueue's reason or by the words of versions that give none. */
export const inVain: readonly InVain[] = [
  {
    reason: 'ExceedsMaxQuota',
    says: /> maximum capacity/,
    what: {
      zh: '要的比队列最多能得到的还多',
      en: 'asks for more than its queue can ever get',
    },
    todo: {
      zh: '减少作业要的加速器，或提高 tenants[].quota 或 borrow_pflops',
      en: 'let it ask for fewer chips, or raise tenants[].quota or borrow_pflops',
    },
  },
  {
    reason: 'NoMatchingFlavor',
    says: /supports only TopologyAwareScheduling|doesn't match node affinity|untolerated taint/,
    what: {
      zh: '没有合适的资源池：缺拓扑注解，或节点选择与容忍不符',
      en: 'fits no pool: it lacks the annotation of topology, or its node selector and tolerations lead elsewhere',
    },
    todo: {
      zh: 'Pod 模板加注解 kueue.x-k8s.io/podset-unconstrained-topology: "true"（clusters[].kueue.defaults: added 会自动加上），去掉自己写的 nodeSelector',
      en: 'annotate the pod template with kueue.x-k8s.io/podset-unconstrained-topology: "true" (clusters[].kueue.defaults: added does it), and drop a nodeSelector of its own',
    },
  },
  {
    reason: 'NoTopologyDomains',
    says: /no topology domains at level/,
    what: {
      zh: '资源池的节点没有拓扑标签，放不下任何 Pod',
      en: "the pool's nodes lack their topology labels, so no pod has a place",
    },
    todo: { zh: '给节点加上标签（见「节点的拓扑标签」）', en: 'label the nodes (see topology labels of nodes)' },
  },
  {
    reason: 'Misconfigured',
    says: /doesn't match ClusterQueue selector|LocalQueue .* doesn't exist/,
    what: {
      zh: '它的队列不存在，或不收这个命名空间的作业',
      en: 'its queue is not there, or takes no jobs of this namespace',
    },
    todo: {
      zh: '把标签 kueue.x-k8s.io/queue-name 改为 default，或按「队列」一项处理',
      en: 'name queue default by label kueue.x-k8s.io/queue-name, or see to what is said of queues',
    },
  },
];
