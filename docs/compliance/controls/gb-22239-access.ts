import type { Control } from '../control.ts';

/** 等保 2.0, level 3: general requirements (8.1) and the extension for cloud computing (8.2). */
const source = { zh: 'GB/T 22239-2019（等保三级）', en: 'GB/T 22239-2019 (MLPS level 3)' };
export const clause = (number: string) => ({ source, clause: { zh: number, en: number }, unverified: true }) as const;

export const gb22239Access: readonly Control[] = [
  {
    ...clause('8.1.4.2'),
    demand: { zh: '访问控制：最小权限，及时收回默认权限', en: 'access control: least privilege, no default rights' },
    mechanism: {
      zh: '四个角色按命名空间绑定；默认账号没有权限，令牌不自动挂载、不长期有效',
      en: 'four roles, bound in each namespace; default accounts have no rights, tokens are neither mounted by themselves nor live for ever',
    },
    kinds: ['ClusterRole', 'ClusterRoleBinding', 'RoleBinding', 'ServiceAccount'],
    denials: [
      'secrets-of-another-tenant',
      'pod-in-another-tenants-namespace',
      'tenant-edits-its-namespace',
      'token-mounted',
      'token-mounted-in-a-template',
      'account-that-mounts-its-token',
      'token-for-ever',
    ],
    tests: ['test/cluster/roles/part.ts'],
  },
  {
    ...clause('8.1.4.2'),
    demand: {
      zh: '访问控制：重要主体和客体设安全标记，并按标记控制访问',
      en: 'access control: important subjects and objects are labelled, and labels decide who gets in',
    },
    mechanism: {
      zh: '命名空间、Pod、卷带数据分级标签；进入重要、核心数据的 Pod 须属授权组，且不加调试容器',
      en: 'namespaces, pods and volumes carry their data class; entering pods of important and core data takes a cleared group, and no debugging container joins them',
    },
    kinds: ['Namespace'],
    denials: [
      'exec-into-important-data',
      'attach-to-important-data',
      'port-forward-from-important-data',
      'exec-by-the-administrator',
      'ephemeral-container-beside-important-data',
      'class-taken-off-a-pod',
      'class-taken-off-through-status',
    ],
  },
  {
    ...clause('8.1.3.1, 8.1.3.2'),
    demand: {
      zh: '边界防护与访问控制：默认拒绝，只放行明示的流量',
      en: 'boundary: everything closed but what is stated',
    },
    mechanism: {
      zh: '每个命名空间先拒绝全部进出流量，再放行 DNS、本租户和声明的出口；服务不得通向命名空间之外',
      en: 'each namespace refuses all traffic, then admits DNS, its own tenant and declared egress; no Service leads out of its namespace',
    },
    kinds: ['NetworkPolicy'],
    denials: [
      'service-to-another-namespace',
      'service-to-a-look-alike-namespace',
      'service-to-the-outside',
      'service-with-external-addresses',
      'node-port-of-important-data',
      'load-balancer-of-important-data',
      'endpoint-slice-by-hand',
      'endpoints-by-hand',
    ],
    tests: ['test/cluster/isolation.ts'],
    outside: {
      by: 'cni',
      todo: {
        zh: 'NetworkPolicy 只是对象，须由支持它的网络插件（如 Cilium、Calico）执行；greenflops doctor --deploy 会检查',
        en: 'a NetworkPolicy is an object only: run a network plugin that enforces it (Cilium, Calico …); greenflops doctor --deploy looks for one',
      },
    },
  },
  {
    ...clause('8.2'),
    demand: { zh: '云计算扩展：租户之间的资源隔离', en: 'cloud extension: tenants are kept apart' },
    mechanism: {
      zh: '租户只容忍自己计算池的污点，不得指定节点或自行绑定；配额封顶，优先级和队列按声明',
      en: 'a tenant tolerates the taints of its own pools, neither names nodes nor binds pods; quotas cap it, priority and queue are as declared',
    },
    kinds: ['Namespace', 'ResourceQuota', 'LimitRange', 'PriorityClass'],
    denials: [
      'everything-tolerated',
      'everything-tolerated-in-a-template',
      'everything-tolerated-in-a-daemonset',
      'every-pool-tolerated',
      'pool-of-another-tenant-tolerated',
      'toleration-added-later',
      'node-named',
      'node-named-in-a-template',
      'node-selected-by-its-name',
      'node-wanted-by-its-name',
      'node-wanted-by-its-field',
      'pod-bound-by-hand',
      'priority-above-the-tenant',
      'pod-without-queue',
      'queue-of-a-running-job-changed',
      'whole-chips-of-a-shared-pool',
      'device-class-of-no-pool',
    ],
    tests: ['test/cluster/tenants.ts', 'test/cluster/roles/part.ts'],
  },
  {
    ...clause('8.1.4.4'),
    demand: {
      zh: '入侵防范：最小安装，关闭不需要的能力',
      en: 'intrusion prevention: no capability that is not needed',
    },
    mechanism: {
      zh: '命名空间的 Pod Security 级别（restricted；较弱级别须写明理由），版本固定',
      en: 'Pod Security level of each namespace (restricted; a weaker one takes a reason), its version pinned',
    },
    kinds: ['Namespace'],
    denials: ['host-path', 'host-network', 'host-processes', 'privileged-container'],
    tests: ['test/cluster/tenants.ts'],
  },
  {
    ...clause('8.1.4.6'),
    demand: { zh: '可信验证：只运行可信来源的程序', en: 'trusted verification: programs of trusted origin alone' },
    mechanism: {
      zh: '所有容器（含初始化、临时容器和镜像卷）的镜像以摘要固定；声明了仓库时只许其中的镜像',
      en: 'images of all containers (init, ephemeral and image volumes too) by digest, and of the declared registries alone where there are any',
    },
    kinds: [],
    denials: [
      'image-by-tag',
      'image-without-tag',
      'image-by-a-short-digest',
      'look-alike-path',
      'look-alike-host',
      'look-alike-port',
      'registry-in-capitals',
      'registry-behind-a-user',
      'registry-left-by-dots',
      'init-container-by-tag',
      'image-volume-from-elsewhere',
      'image-changed-to-a-tag',
      'ephemeral-container-by-tag',
    ],
    outside: {
      by: 'organisation',
      todo: {
        zh: '摘要只保证内容不变：镜像入库前须扫描漏洞和恶意代码，并核对签名',
        en: 'a digest says that the content is unchanged: scan for holes and malware, and check signatures, before an image enters the registry',
      },
    },
  },
];
