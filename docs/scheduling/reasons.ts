import type { Text } from '../../model/text.ts';

/** A reason in the condition QuotaReserved of a Workload, or what else holds a job up, and what to do about it. */
interface Reason {
  /** As Kueue writes it, or where it is to be seen */
  readonly reason: string;
  readonly means: Text;
  readonly cure: Text;
}

/** In the order in which a job meets them; WorkloadQuotaReservedReason* of Kueue's apis/kueue/v1beta2/workload_types.go. */
export const reasons: readonly Reason[] = [
  {
    reason: 'Suspended',
    means: {
      zh: '队列停用（`stopPolicy`）或不可用（缺 flavor、拓扑或准入检查），或作业的 Workload 被停用（`spec.active: false`）',
      en: 'the queue is stopped (`stopPolicy`) or inactive (a flavour, a topology or an admission check is missing), or the Workload was deactivated (`spec.active: false`)',
    },
    cure: {
      zh: '看 ClusterQueue 的条件 Active；恢复 `stopPolicy` 或 `active`',
      en: "look at the ClusterQueue's condition Active; set `stopPolicy` or `active` back",
    },
  },
  {
    reason: 'Misconfigured',
    means: {
      zh: '命名空间不属于该队列的租户，或 LocalQueue、ClusterQueue 不存在',
      en: "the namespace is not the queue's tenant's, or there is no such LocalQueue or ClusterQueue",
    },
    cure: { zh: '用本命名空间的 `default` 队列；重新部署', en: 'name `default` of the own namespace; deploy again' },
  },
  {
    reason: 'WaitingForQuota',
    means: {
      zh: '配额或可借的暂时用完：消息写明缺哪个资源、缺多少（`greenflops.io/gflops-fp16` 缺的是算力，单位 GFLOPS）',
      en: 'quota, or what may be borrowed, is used up for now: the message names the resource and how much is missing (of `greenflops.io/gflops-fp16`, computing power in GFLOPS)',
    },
    cure: { zh: '等待；或缩小作业', en: 'wait, or ask for less' },
  },
  {
    reason: 'ExceedsMaxQuota',
    means: {
      zh: '比自有加可借之和还大，永远等不到',
      en: 'larger than nominal and borrowing together: it would wait for ever',
    },
    cure: { zh: '缩小作业，或在声明中增加配额', en: 'ask for less, or have more declared' },
  },
  {
    reason: 'NoMatchingFlavor',
    means: {
      zh: '没有资源池适合：多半是 Pod 模板缺拓扑注解（`supports only TopologyAwareScheduling`），或自选的节点标签不属于本池',
      en: 'no pool fits: mostly the pod template lacks its topology annotation (`supports only TopologyAwareScheduling`), or selects nodes of another pool',
    },
    cure: {
      zh: '写 `kueue.x-k8s.io/podset-unconstrained-topology: "true"`；`defaults: added` 时自动补上',
      en: 'write `kueue.x-k8s.io/podset-unconstrained-topology: "true"`; with `defaults: added` it comes by itself',
    },
  },
  {
    reason: 'TopologyPlacementFailed',
    means: {
      zh: '配额够，但节点上放不下：卡被占用、碎片，或节点没有标签（消息列出各节点因何排除）',
      en: 'the quota suffices and the nodes do not: chips in use, fragments, or nodes without their labels (the message says why nodes were left out)',
    },
    cure: {
      zh: '每个 Pod 少要几张卡；运维看 doctor（节点标签）',
      en: 'fewer chips a pod; operators ask the doctor about node labels',
    },
  },
  {
    reason: 'WaitingForPreemptedWorkloads',
    means: {
      zh: '已选定要驱逐的借用作业，等它们结束',
      en: 'jobs that borrowed are being evicted for it, and have not ended yet',
    },
    cure: { zh: '等待', en: 'wait' },
  },
  {
    reason: 'PendingEvaluation',
    means: {
      zh: '轮到之前还没有结论；同样的作业（等价）共用前一个的结论',
      en: 'no verdict yet; equal jobs share the verdict of the first of them',
    },
    cure: { zh: '看同队列中最先的一个', en: 'look at the first one of the queue' },
  },
  {
    reason: 'AdmissionCheck Pending',
    means: {
      zh: '管理集群已留出配额，还没有工作集群接纳：真正的原因在工作集群的 Workload 上；命名空间或队列缺失时管理集群上没有任何提示',
      en: 'the manager holds its quota and no worker has admitted the job: the reason stands on the Workload of the worker; a missing namespace or queue there says nothing here',
    },
    cure: {
      zh: '`npm run greenflops -- doctor --deploy` 两边都看',
      en: '`npm run greenflops -- doctor --deploy` looks at both sides',
    },
  },
  {
    reason: 'Deactivated',
    means: {
      zh: '准入检查被拒绝，或多次被驱逐后停用',
      en: 'an admission check was refused, or it was evicted too often',
    },
    cure: { zh: '看条件 Evicted 的消息，改正后重新提交', en: 'read the condition Evicted, mend it and submit it anew' },
  },
];
