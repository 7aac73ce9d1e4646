import { create, enter, patch } from '../asks.ts';
import type { Who } from '../api.ts';
import { claim, claimSpec, CLASS, deployment, GENERAL, pod, secret, service, statefulSet } from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, cleared, controller, lin, ore } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const DATASET = 'greenflops.io/dataset';
const IMPORTANT = { [CLASS]: 'important' };

const holds = (dataset: string) => ({ ...GENERAL, [DATASET]: dataset });
const datasets = (id: string, dataset: string, says: string, good: string): Row =>
  pair(id, { who: lin, policy: 'datasets', says, bad: claim(id, holds(dataset)), good: claim(id, holds(good)) });

const snapshot = (namespace: string) => ({
  dataSourceRef: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'night', namespace },
});
const template = (namespace: string) => ({ metadata: { labels: GENERAL }, spec: claimSpec(snapshot(namespace)) });
const copies = (namespace: string) => ({
  fields: {
    volumeClaimTemplates: [{ metadata: { name: 'data', labels: GENERAL }, spec: claimSpec(snapshot(namespace)) }],
  },
});
const scratch = (namespace: string) => ({
  volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: template(namespace) } }],
});
const copied =
  "卷的数据源在命名空间 ore-vault：只能取自本命名空间；其他命名空间的数据请登记为数据集，由所有者提供 / the volume's source lies in namespace ore-vault: it may come from this namespace alone; have data of another one registered as a dataset, and brought by its owner";

const services = (id: string, who: Who, namespace: string, says: string, bad: object, good: object): Row =>
  pair(id, { who, namespace, policy: 'services', says, bad: service(id, { ...bad }), good: service(id, { ...good }) });
const external = (externalName: string) => ({
  type: 'ExternalName',
  externalName,
  selector: undefined,
  ports: undefined,
});
const outside = (target: string) =>
  `ExternalName 服务指向 ${target}，不在本命名空间内：只能指向 <服务>.copper-train.svc；访问别处请在声明的 egress 中写明 / the ExternalName service leads to ${target}, outside this namespace: it may lead to <service>.copper-train.svc alone; other ways out are declared in egress`;
const closed = (type: string) =>
  `important 级命名空间的服务不得为 ${type}：请用 ClusterIP，对外访问由集群运维的网关提供 / no service of a namespace of class important may be a ${type}: use ClusterIP, and the gateway of the operators from outside`;

const uncleared = (user: string, level = 'important') =>
  `用户 ${user} 没有 ${level} 级数据的授权，不得进入其 Pod：授权的组为 greenflops:clearance:${level}，请向数据安全负责人申请 / user ${user} has no clearance for data of class ${level} and may not enter its pods: cleared groups are greenflops:clearance:${level}; ask whoever answers for the data's security`;
const entered = (id: string, verb: 'exec' | 'attach' | 'portforward'): Row => ({
  id,
  by: 'policy clearance',
  denied: enter(ore, 'ore-vault', 'live', verb),
  message: refusal('clearance', 'pods "live"', uncleared('ore')),
  twin: enter(cleared, 'ore-vault', 'live', verb),
  twinHears: 'pod live does not have a host assigned',
});

/** Somebody with every right of RBAC and one clearance */
const clearedTo = (level: string): Who => ({
  user: 'ore',
  groups: ['system:masters', `greenflops:clearance:${level}`],
});

const slice = (name: string) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, labels: { 'kubernetes.io/service-name': name } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.244.9.9'] }],
  ports: [{ port: 80 }],
});
const endpoints = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name },
  subsets: [{ addresses: [{ ip: '10.244.9.9' }], ports: [{ port: 80 }] }],
});
const byHand =
  '用户 root 不得手工写端点，否则服务会通向任意地址：请用 Service 的 selector 选择本命名空间的 Pod / user root may not write endpoints, by which a service would lead to any address: select pods of this namespace by the selector of the Service';

const account = (name: string, automount?: boolean) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name },
  ...(automount !== undefined && { automountServiceAccountToken: automount }),
});
const mounted =
  '不得自动挂载服务账号令牌：请去掉 automountServiceAccountToken: true，需要时用 projected 卷中的 serviceAccountToken / no service account token may be mounted by itself: leave out automountServiceAccountToken: true, and where it is needed use serviceAccountToken in a projected volume';
const unmounted =
  '服务账号会自动挂载令牌：请写 automountServiceAccountToken: false / the service account would have its token mounted by itself: write automountServiceAccountToken: false';
const long =
  '不得建立长期有效的服务账号令牌：请用 kubectl create token，或 projected 卷中的 serviceAccountToken / no token of a service account may live for ever: use kubectl create token, or serviceAccountToken in a projected volume';
const projected = {
  volumes: [
    { name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }] } },
  ],
};

const tooHigh = (name: string) =>
  `优先级 "${name}" 不可用，本命名空间最高为 greenflops-normal：请在 priorityClassName 写 greenflops-normal 或更低的 greenflops-* 优先级 / priority class "${name}" may not be used, the highest of this namespace is greenflops-normal: write greenflops-normal or a lower greenflops-* class into priorityClassName`;
const ranked = (priorityClassName: string) => ({ priorityClassName });

export const dataRows: readonly Row[] = [
  datasets(
    'dataset-that-is-not-declared',
    'smelter-log',
    '声明中没有数据集 "smelter-log"：请在 estate.yaml 的 datasets 中登记，或改正标签 greenflops.io/dataset / no dataset "smelter-log" is declared: register it in datasets of estate.yaml, or correct the label greenflops.io/dataset',
    'price-index',
  ),
  datasets(
    'dataset-not-cleared-for-the-cluster',
    'drill-cores',
    '数据集 drill-cores 未获准存放在集群 prove：请使用其 clusters 列出的集群 / dataset drill-cores may not lie on cluster prove: use a cluster that its declaration lists in clusters',
    'price-index',
  ),
  {
    ...datasets(
      'dataset-above-the-namespace',
      'smelter-logs',
      '数据集 smelter-logs 为 important 级，本命名空间只到 "general" 级：请使用 important 级的命名空间 / dataset smelter-logs is of class important, and this namespace is of "general" only: use a namespace of class important',
      'price-index',
    ),
    twin: create(ore, 'ore-vault', claim('dataset-above-the-namespace', { ...IMPORTANT, [DATASET]: 'smelter-logs' })),
  },
  datasets(
    'dataset-of-another-tenant',
    'assay-notes',
    '租户 copper-ai 既不是数据集 assay-notes 的所有者，也不在其 readers 中：请由所有者在声明中加入 / tenant copper-ai neither owns dataset assay-notes nor is among its readers: have its owner add you to the declaration',
    'price-index',
  ),
  {
    id: 'dataset-taken-off-a-claim',
    by: 'policy datasets',
    denied: patch(lin, 'copper-train', 'PersistentVolumeClaim/live', { metadata: { labels: { [DATASET]: null } } }),
    message: refusal(
      'datasets',
      'persistentvolumeclaims "live"',
      '卷中是数据集 price-index，标签 greenflops.io/dataset 不得改为 ""：请为另一个数据集另建卷 / the volume holds dataset price-index, and its label greenflops.io/dataset may not become "": make another volume for another dataset',
    ),
    twin: patch(lin, 'copper-train', 'PersistentVolumeClaim/live', { metadata: { labels: { note: 'a' } } }),
  },
  pair('claim-template-from-another-namespace', {
    who: lin,
    policy: 'claim-sources',
    says: copied,
    bad: statefulSet('claim-template-from-another-namespace', copies('ore-vault')),
    good: statefulSet('claim-template-from-another-namespace', copies('copper-train')),
  }),
  pair('scratch-volume-from-another-namespace', {
    who: lin,
    policy: 'claim-sources',
    says: copied,
    bad: pod('scratch-volume-from-another-namespace', scratch('ore-vault')),
    good: pod('scratch-volume-from-another-namespace', scratch('copper-train')),
  }),
  services(
    'service-to-another-namespace',
    lin,
    'copper-train',
    outside('vault.ore-vault.svc.cluster.local'),
    external('vault.ore-vault.svc.cluster.local'),
    external('model.copper-train.svc.cluster.local'),
  ),
  services(
    'service-to-a-look-alike-namespace',
    lin,
    'copper-train',
    outside('model.evil-copper-train.svc'),
    external('model.evil-copper-train.svc'),
    external('model.copper-train.svc'),
  ),
  services(
    'service-to-the-outside',
    lin,
    'copper-train',
    outside('collector.example'),
    external('collector.example'),
    external('model.copper-train.svc'),
  ),
  services(
    'service-with-external-addresses',
    lin,
    'copper-train',
    "externalIPs 会截取其他命名空间的流量：请去掉，由集群运维提供入口 / externalIPs can catch other namespaces' traffic: leave them out, and ask the cluster's operators for a way in",
    { externalIPs: ['10.8.0.9'] },
    {},
  ),
  services('node-port-of-important-data', ore, 'ore-vault', closed('NodePort'), { type: 'NodePort' }, {}),
  services('load-balancer-of-important-data', ore, 'ore-vault', closed('LoadBalancer'), { type: 'LoadBalancer' }, {}),
  {
    id: 'endpoint-slice-by-hand',
    by: 'policy endpoints',
    denied: create(admin, 'copper-train', slice('by-hand')),
    message: refusal('endpoints', 'endpointslices.discovery.k8s.io "by-hand"', byHand),
    twin: create(controller('endpointslice-controller'), 'copper-train', slice('by-hand')),
  },
  {
    id: 'endpoints-by-hand',
    by: 'policy endpoints',
    denied: create(admin, 'copper-train', endpoints('by-hand')),
    message: refusal('endpoints', 'endpoints "by-hand"', byHand),
    twin: create(controller('endpoint-controller'), 'copper-train', endpoints('by-hand')),
  },
  entered('exec-into-important-data', 'exec'),
  entered('attach-to-important-data', 'attach'),
  entered('port-forward-from-important-data', 'portforward'),
  {
    id: 'exec-by-the-administrator',
    by: 'policy clearance',
    denied: enter(admin, 'ore-vault', 'live', 'exec'),
    message: refusal('clearance', 'pods "live"', uncleared('root')),
    twin: enter(lin, 'copper-train', 'live', 'exec'),
    twinHears: 'pod live does not have a host assigned',
  },
  {
    id: 'exec-into-core-data',
    by: 'policy clearance',
    denied: enter(clearedTo('important'), 'core-vault', 'live', 'exec'),
    message: refusal('clearance', 'pods "live"', uncleared('ore', 'core')),
    twin: enter(clearedTo('core'), 'core-vault', 'live', 'exec'),
    twinHears: 'pods "live" not found',
  },
  pair('token-mounted', {
    who: lin,
    policy: 'tokens',
    says: mounted,
    bad: pod('token-mounted', { automountServiceAccountToken: true }),
    good: pod('token-mounted', projected),
  }),
  pair('token-mounted-in-a-template', {
    who: lin,
    policy: 'tokens',
    says: mounted,
    bad: deployment('token-mounted-in-a-template', { spec: { automountServiceAccountToken: true } }),
    good: deployment('token-mounted-in-a-template', { spec: projected }),
  }),
  pair('account-that-mounts-its-token', {
    who: admin,
    policy: 'tokens',
    says: unmounted,
    bad: account('account-that-mounts-its-token'),
    good: account('account-that-mounts-its-token', false),
  }),
  pair('token-for-ever', {
    who: lin,
    policy: 'tokens',
    says: long,
    bad: secret(
      'token-for-ever',
      {},
      {
        type: 'kubernetes.io/service-account-token',
        metadata: { name: 'token-for-ever', annotations: { 'kubernetes.io/service-account.name': 'default' } },
      },
    ),
    good: secret('token-for-ever', {}, { type: 'Opaque' }),
  }),
  pair('priority-above-the-tenant', {
    who: lin,
    policy: 'priority',
    says: tooHigh('greenflops-urgent'),
    bad: pod('priority-above-the-tenant', ranked('greenflops-urgent')),
    good: pod('priority-above-the-tenant', ranked('greenflops-low')),
  }),
  pair('priority-of-the-system', {
    who: lin,
    policy: 'priority',
    says: tooHigh('system-cluster-critical'),
    bad: deployment('priority-of-the-system', { spec: ranked('system-cluster-critical') }),
    good: deployment('priority-of-the-system', { spec: ranked('greenflops-normal') }),
  }),
];
