import type { Text } from '../text.ts';

/** Kueue on clusters, and quotas that its queues hand out. */
export const queues = {
  kueue_disabled: {
    zh: '{key} 需要 kueue 的 enabled: true',
    en: '{key} means nothing without enabled: true of kueue',
  },
  kueue_role: {
    zh: '{key} 只对 role: {wanted} 的集群有意义，而这里是 role: {role}：请去掉，或改 role',
    en: '{key} has a meaning for a cluster of role: {wanted} alone, and this one is of role: {role}: take it out, or change the role',
  },
  no_worker: {
    zh: '集群 {cluster} 不是启用 Kueue 的 worker，管理集群不能把作业交给它：请在该集群 kueue 下写 enabled: true，或从 workers 中去掉（可写的有：{known}）',
    en: 'cluster {cluster} is no worker with Kueue, so nothing can be handed to it: write enabled: true under its kueue, or take it out of workers (there are: {known})',
  },
  worker_shared: {
    zh: '管理集群 {other} 也把作业交给 {workers}：一个 worker 只听一个管理集群，否则两边各算各的算力额度。请在两个管理集群的 kueue.workers 中分别写明',
    en: 'manager {other} hands jobs to {workers} too: a worker has one manager, or each of the two would count by itself. Say in kueue.workers of both whose it is',
  },
  racks_hostname: {
    zh: 'kubernetes.io/hostname 已是拓扑的最末一级：racks.label 请写机架的标签，或去掉 racks',
    en: 'kubernetes.io/hostname is the last level of the topology already: name a label of racks, or take racks out',
  },
  resource_shared: {
    zh: 'resource 是整卡的资源名，而这个资源池是 sharing.by: {by}，其资源名由目录给出：请去掉 resource',
    en: 'resource is the name of whole chips, and this pool is shared by {by}, for which the catalogue has the names: take resource out',
  },
  quota_two_places: {
    zh: '配额不能既写 pool 又写 cluster：资源池 {pool} 已在集群 {cluster}，请去掉 cluster',
    en: 'a quota names a pool or a cluster, not both: pool {pool} is on {cluster} already, so take cluster out',
  },
  quota_twice: {
    zh: '这个租户在资源池 {pool} 上已有一份配额，两份各自向下取整会少给：请合成一份，pflops: {pflops}',
    en: 'the tenant has a quota on pool {pool} already, and each of two would be rounded down by itself: write one of pflops: {pflops}',
  },
  quota_slice_alone: {
    zh: 'slice 属于某个资源池：请写 pool，或去掉 slice',
    en: 'a slice is one of a pool: name the pool, or take slice out',
  },
  quota_cluster: {
    zh: '集群 {cluster} 不是启用 Kueue 的 worker，没有队列来分配这份配额：请写 pool，或写下列集群之一：{known}',
    en: 'cluster {cluster} is no worker with Kueue, so no queue hands this quota out: name a pool, or one of these clusters: {known}',
  },
  borrow_alone: {
    zh: 'borrow_pflops 是从同组租户借：请写 group，或去掉 borrow_pflops',
    en: 'what is borrowed is borrowed from the group: name the group, or take borrow_pflops out',
  },
} as const satisfies Record<string, Text>;
