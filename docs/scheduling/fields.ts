import type { z } from 'zod';
import type { kueue } from '../../model/schema/kueue.ts';
import type { Text } from '../../model/text.ts';

/** What can be said of Kueue on a cluster: a key that the schema gets and this has not is a compile error. */
const ofKueue: Readonly<Record<keyof z.input<typeof kueue>, Text>> = {
  enabled: {
    zh: 'true：由 Kueue 准入，队列等对象由本声明生成；默认 false',
    en: 'true: Kueue admits jobs, and the queues and all that goes with them are made from the declaration; false by default',
  },
  manage_config: {
    zh: 'true：ConfigMap `kueue-manager-config` 由部署写入；false（默认）：`npm run render` 写出同样内容的文件，由您交给 Kueue',
    en: 'true: the deployment writes the ConfigMap `kueue-manager-config`; false (the default): `npm run render` writes the same as files, which you give to Kueue',
  },
  namespace: {
    zh: '控制器所在命名空间，默认 `kueue-system`',
    en: 'where the controller runs, `kueue-system` by default',
  },
  count_hosts: {
    zh: 'true：队列也计 CPU 和内存（按资源池的 `per_chip`）；false（默认）：配置中排除它们',
    en: "true: queues count CPU and memory too, by the pools' `per_chip`; false (the default): the configuration leaves them out",
  },
  defaults: {
    zh: '`added`（默认）：作业缺的标签和注解由准入策略补上（Kubernetes 1.36 起）；`demanded`：由策略要求作者写明',
    en: '`added` (the default): what a job lacks of labels and annotations a policy adds (Kubernetes 1.36 or newer); `demanded`: a policy asks its author for them',
  },
  workers: {
    zh: '管理集群：把作业交给哪些集群；不写：其余所有启用 Kueue 的集群',
    en: 'of a manager: the clusters that it hands jobs to; absent: every other one with Kueue',
  },
  manager: {
    zh: '工作集群：其管理集群的编号；只在一个园区的切片中出现，由程序写入，不必填写',
    en: "of a worker: its manager's id, which a site's slice of the declaration says; nothing to write by hand",
  },
  kubeconfig: {
    zh: '工作集群：管理集群从哪里取它的 kubeconfig，`secret: <名称>` 或 `file: <路径>`；不写：Secret `<集群>-kubeconfig`',
    en: 'of a worker: where its manager finds the kubeconfig, `secret: <name>` or `file: <path>`; absent: the Secret `<cluster>-kubeconfig`',
  },
  metrics: {
    zh: '采集器从哪里读 Kueue 的指标（`greenflops_queue_*`）',
    en: "where the exporter reads Kueue's own metrics (`greenflops_queue_*`)",
  },
};

/** Fields that scheduling has elsewhere in the estate. */
const elsewhere: Readonly<Record<string, Text>> = {
  'clusters[].role': {
    zh: '`worker`（默认）；`manager` 只转交作业、不运行；`karmada` 是 Karmada 的 API 服务器',
    en: '`worker` (the default); `manager` hands jobs on and runs none; `karmada` is the API server of Karmada',
  },
  'clusters[].controllers': {
    zh: '代租户建立 Pod 的控制器所在的命名空间，JobSet 写 `[jobset-system]`；默认没有。没有列出的种类不开放给租户，Kueue 的配置也不认识它们',
    en: 'namespaces of controllers that make pods for tenants, `[jobset-system]` for JobSet; none by default. Kinds of no listed one are closed to tenants, and unknown to the configuration of Kueue',
  },
  'clusters[].volcano.enabled': {
    zh: '为每个租户生成 Volcano 的 Queue，按机架生成 HyperNode',
    en: 'makes a Queue of Volcano for each tenant, and HyperNodes of the racks',
  },
  'pools[].resource': {
    zh: '节点上的设备插件给整卡的唯一资源名；同一集群两种型号须不同名',
    en: "the one name by which the nodes' device plugin offers whole chips; two models of a cluster need two names",
  },
  'pools[].racks': {
    zh: '`label` 和 `values`：机架标签，成为拓扑的上一级',
    en: '`label` and `values`: the label of racks, the level of the topology above nodes',
  },
  'pools[].per_chip': {
    zh: '随每张卡分配的 CPU 和内存，`count_hosts` 需要',
    en: 'CPU and memory that go with a chip; `count_hosts` needs it',
  },
  'tenants[].group': {
    zh: '同组之间可以借；成为 Cohort `group-<组>`',
    en: 'tenants of a group lend to each other; becomes the Cohort `group-<group>`',
  },
  'tenants[].priority': {
    zh: '`low`、`normal`（默认）、`high`、`urgent`；作业不写优先级时用它',
    en: '`low`, `normal` (the default), `high`, `urgent`; jobs have it where they say nothing',
  },
  'tenants[].quota[]': {
    zh: '`pflops`，以及 `pool`（切片加 `slice`）、或 `cluster`、或都不写（任何可用的资源池）',
    en: '`pflops`, and `pool` (with `slice`), or `cluster`, or neither: any pool that may be used',
  },
  'tenants[].borrow_pflops': { zh: '最多可从同组借多少', en: 'how much may be borrowed from the group at most' },
};

export const fields: readonly (readonly [key: string, meaning: Text])[] = [
  ...Object.entries(ofKueue).map(([key, meaning]) => [`clusters[].kueue.${key}`, meaning] as const),
  ...Object.entries(elsewhere),
];
