import type { Text } from '../text.ts';

/** Clusters, pools, tenants, and where data may go. */
export const pools = {
  data_class: {
    zh: '数据级别 {class} 不允许进入集群 {cluster}（允许：{allowed}）',
    en: 'data of class {class} may not go to cluster {cluster} (allowed there: {allowed})',
  },
  jurisdiction: {
    zh: '{class} 级数据受 {home} 管辖，不能放在受 {abroad} 管辖的集群 {cluster}',
    en: 'data of class {class} under the law of {home} may not lie on cluster {cluster}, which is under that of {abroad}',
  },
  flow_class: {
    zh: '{class} 级数据会流到 {node}，而那里最高只允许 {cleared} 级：{paths}。请去掉这一条，或经审批后提高 {node} 的级别',
    en: 'data of class {class} would reach {node}, which is cleared for {cleared} at most: {paths}. Take this entry out, or have {node} cleared',
  },
  flow_jurisdiction: {
    zh: '受 {home} 管辖的 {class} 级数据会流到受 {abroad} 管辖的 {node}：{paths}。请去掉这一条：只有 general 级数据可以出辖区',
    en: 'data of class {class} under the law of {home} would reach {node}, which is under that of {abroad}: {paths}. Take this entry out: general data alone may leave its jurisdiction',
  },
  cidr_host: {
    zh: '网段在前缀之外还有主机位，Kubernetes 不接受：请写网段的首地址，如 10.8.0.0/24，单个地址写 10.8.0.7/32',
    en: 'a network has no bits set behind its prefix, and Kubernetes takes none that has: write its first address, like 10.8.0.0/24, or 10.8.0.7/32 for one address',
  },
  cidr_mapped: {
    zh: 'Kubernetes 不接受 IPv4 映射的 IPv6 网段：请直接写 IPv4 网段，如 10.0.0.0/8',
    en: 'Kubernetes takes no IPv4 addresses that are mapped into IPv6: write them as IPv4, like 10.0.0.0/8',
  },
  cidr_clash: {
    zh: '这个网段在租户 {tenant} 的 {outer} 之内，而那里写的是 {class} 级、受 {jurisdiction} 管辖：同一些地址只能有一种级别和辖区。请改成一致，或改用互不包含的网段',
    en: 'lies in {outer} of tenant {tenant}, which is declared as {class} under the law of {jurisdiction}: addresses have one class and one jurisdiction. Make the two agree, or write ranges of which neither holds the other',
  },
  cidr_wide: {
    zh: '这个网段太宽，没有人能为其中的全部地址担保 {class} 级：前缀至少 /{least}',
    en: 'too wide for anybody to answer for all its addresses as {class}: the prefix is /{least} at least',
  },
  label_key: {
    zh: '不是 Kubernetes 的标签键：最多 63 个字母、数字、-、_ 或 .，首尾为字母或数字，前面可加 域名/，如 nvidia.com/gpu.product',
    en: 'no key of a label in Kubernetes: at most 63 letters, digits, -, _ or ., a letter or digit first and last, behind a domain and / or not, like nvidia.com/gpu.product',
  },
  label_value: {
    zh: '不是 Kubernetes 的标签值：最多 63 个 ASCII 字母、数字、-、_ 或 .，首尾为字母或数字，也可为空',
    en: 'no value of a label in Kubernetes: at most 63 ASCII letters, digits, -, _ or ., a letter or digit first and last, or nothing',
  },
  taint_twice: {
    zh: '这个资源池已有污点 {key}:{effect}（dedicated: true 自带 greenflops.io/pool:NoSchedule）：一个节点上同一个键和效果只能有一个，请去掉一个',
    en: 'the pool has a taint {key}:{effect} already (dedicated: true brings greenflops.io/pool:NoSchedule), and a node takes one of a key and effect: take one out',
  },
  system_group: {
    zh: '{group} 是 Kubernetes 自己的组，成员不由您决定（如所有登录用户、所有服务账号）：请写身份提供方的组，或客户端证书的 O',
    en: '{group} is a group of Kubernetes itself, which puts people into it (everybody, every service account): write a group of your identity provider, or the O of client certificates',
  },
  no_common_cluster: {
    zh: '{one} 在集群 {here}，{other} 在集群 {there}，没有共同的集群，这一条不会起作用：请让二者有一个共同的集群，或去掉这一条',
    en: '{one} is on {here} and {other} on {there}: without a cluster in common this entry does nothing. Give them one, or take the entry out',
  },
  manager_pool: {
    zh: '集群 {cluster} 是 role: {role}，只分发，不运行作业，不能有资源池：请放到某个 worker 集群',
    en: 'cluster {cluster} has role: {role}, which hands work on and runs none: put the pool on one of its workers',
  },
  moved_from_used: {
    zh: '"{id}" 仍是在用的编号，不会是改名前的旧编号：请分两次改名，每次部署一次',
    en: '"{id}" is the id of something that is still there, so nothing was renamed from it: rename in two steps, with a deployment after each',
  },
  member_role: {
    zh: '用户组 {group} 在集群 {cluster} 的 access.{role} 里：租户成员不能同时是运维或审计人员，请为租户另设用户组',
    en: 'group {group} is among access.{role} of cluster {cluster}: who uses a cluster neither runs nor audits it. Give the tenant a group of its own',
  },
  member_class: {
    zh: '用户组 {group} 也是租户 {other}（{theirs} 级）的成员，而 {tenant} 是 {class} 级：同一组人能把高级别数据带到低级别处，请按级别分设用户组',
    en: 'group {group} is a member of tenant {other} ({theirs}) too, and {tenant} is {class}: its people could carry data down. Have a group for each class',
  },
  pod_security_reason: {
    zh: 'pod_security 低于 restricted（这里是 {level}）要写 reason：为什么需要，以及用什么措施补偿',
    en: 'less than restricted ({level}) needs a reason: why the pool needs it, and what is done instead',
  },
  privileged_class: {
    zh: '资源池 {pool} 允许特权容器，能读到节点上的一切：{class} 级数据的租户不能使用',
    en: 'pool {pool} allows privileged pods, which read all that is on their node: no tenant with data of class {class} may use it',
  },
  shared_class: {
    zh: '资源池 {pool} 的卡由多个容器组共用，显存之间没有隔离：{class} 级数据不能与租户 {other} 的 {theirs} 级数据同池，请改用整卡或切片的资源池',
    en: "pods share the cards of pool {pool} without a wall in the cards' memory: data of class {class} may not run beside that of {other} ({theirs}). Take a pool of whole cards or of slices",
  },
  node_twice: {
    zh: '这个节点在 names 中已经写过：请去掉一个',
    en: 'this node stands in names already: take one of the two out',
  },
  nodes_overlap: {
    zh: '与资源池 {other} 有共同的节点（{nodes}）：一个节点同一时间只属于一个资源池',
    en: 'has nodes in common with pool {other} ({nodes}): a node belongs to one pool at a time',
  },
  mixed_sharing: {
    zh: '资源池 {other}（sharing.by: {by}）在同一集群也用资源名 {name}：配额分不清整卡与 HAMi 的部分卡。请让二者用同一种共享方式，或放到不同的集群',
    en: 'pool {other} (sharing.by: {by}) of the same cluster offers {name} too: a quota cannot tell whole cards from HAMi parts of cards. Share both in the same way, or put them on two clusters',
  },
  slice_missing: {
    zh: '资源池 {pool} 按切片共享：请用 slice 写明是哪一种（{offered}）',
    en: 'pool {pool} is shared by slices: name one of them by slice ({offered})',
  },
  slice_not_offered: {
    zh: '资源池 {pool} 不提供这种切片；提供的有：{offered}',
    en: 'pool {pool} offers no such slice; it offers: {offered}',
  },
  slice_of_whole: {
    zh: '资源池 {pool} 不按切片共享（sharing.by: {by}）：请去掉 slice',
    en: 'pool {pool} is not shared by slices (sharing.by: {by}): take slice out',
  },
  slice_unknown: {
    zh: '目录中 {accelerator} 没有这种切片；已有：{slices}',
    en: 'the catalogue knows no such slice of {accelerator}; known: {slices}',
  },
  slices_exceed: {
    zh: '这些切片合计相当于 {cards} 张卡，而资源池只有 {count} 张',
    en: 'these slices take {cards} cards, and the pool has {count}',
  },
  over_committed: {
    zh: '资源池 {pool} 共有 {count} {unit}，各租户配额合计 {sum}，超出了：{tenants}。请调低配额，或扩大资源池',
    en: 'pool {pool} has {count} {unit}, and its quotas add up to {sum}: {tenants}. Lower a quota, or enlarge the pool',
  },
  no_peak: {
    zh: '目录没有给出 {accelerator} 的 {precision} 稠密峰值，算不出 PFlops',
    en: 'the catalogue gives no dense {precision} peak of {accelerator}: the pool would count no PFlops',
  },
} as const satisfies Record<string, Text>;
