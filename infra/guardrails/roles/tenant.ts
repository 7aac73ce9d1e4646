import { offeredPools } from '../policies/chips.ts';
import { controllerRights } from './controllers.ts';
import { EDIT, READ, withKueue, type Right } from './right.ts';

/**
 * What a tenant's members may do, in the tenant's own namespaces alone: the role is bound there by a RoleBinding.
 *
 * Ways up that are closed by what is not listed:
 * - other accounts: no right on serviceaccounts nor on their tokens. A pod may name any account of its namespace, so the
 *   only one there, `default`, has no rights at all; a Secret that would get a token for ever is refused by a policy.
 * - past admission: no pods/binding (a pod on any node), no pods/ephemeralcontainers (an image that no pod names), no
 *   status of anything.
 * - past network policies: no pods/proxy, services/proxy nor nodes/proxy (the API server would be the way), no endpoints
 *   nor endpointslices (a Service of one's own that leads into another namespace, CVE-2021-25740), no ingresses.
 * - past the caps: nothing that writes quotas, limit ranges, network policies, disruption budgets or the namespace; no
 *   daemonsets, which put a pod on every node.
 * - rights: nothing of rbac.authorization.k8s.io, so neither `bind` nor `escalate`, and no `impersonate`.
 */
export const tenantRights: readonly Right[] = [
  {
    apiGroup: '',
    resources: ['pods', 'services', 'configmaps', 'secrets', 'persistentvolumeclaims'],
    verbs: EDIT,
    why: {
      zh: '运行自己的工作负载及其服务、配置、密钥和存储',
      en: 'to run their own work, with its services, settings, secrets and storage',
    },
  },
  {
    apiGroup: 'apps',
    resources: ['deployments', 'statefulsets'],
    verbs: EDIT,
    why: { zh: '运行推理等长期服务', en: 'to run services that stay, such as inference' },
  },
  {
    apiGroup: 'apps',
    resources: ['deployments/scale', 'statefulsets/scale'],
    verbs: ['get', 'update', 'patch'],
    why: { zh: '调整副本数（kubectl scale）', en: 'to change the number of replicas (kubectl scale)' },
  },
  {
    apiGroup: 'apps',
    resources: ['replicasets', 'controllerrevisions'],
    verbs: READ,
    why: { zh: '查看发布历史（kubectl rollout）', en: 'to see what was rolled out (kubectl rollout)' },
  },
  {
    apiGroup: 'autoscaling',
    resources: ['horizontalpodautoscalers'],
    verbs: EDIT,
    why: { zh: '服务随负载伸缩，上限仍是配额', en: 'to let services grow with their load, up to the quota' },
  },
  {
    apiGroup: 'batch',
    resources: ['jobs', 'cronjobs'],
    verbs: EDIT,
    why: { zh: '运行训练和定时任务', en: 'to run training and work at set times' },
  },
  ...controllerRights,
  {
    apiGroup: 'resource.k8s.io',
    resources: ['resourceclaims', 'resourceclaimtemplates'],
    verbs: EDIT,
    where: (cluster) => offeredPools(cluster).some(({ sharing }) => sharing.by === 'dra'),
    why: { zh: '申请按动态资源分配的加速器', en: 'to claim accelerators that are given out dynamically (DRA)' },
  },
  {
    apiGroup: '',
    resources: ['pods/log'],
    verbs: ['get'],
    why: { zh: '读取自己容器的日志', en: 'to read what their own containers print' },
  },
  {
    // kubectl opens all three by a GET that becomes a WebSocket; since 1.35 the server asks for `create` besides.
    apiGroup: '',
    resources: ['pods/exec', 'pods/attach', 'pods/portforward'],
    verbs: ['get', 'create'],
    why: {
      zh: '进入自己的容器调试；重要和核心数据的容器另由准入策略核对许可',
      en: 'to look into their own containers; where the data are important or core, an admission policy asks for clearance too',
    },
  },
  {
    apiGroup: '',
    resources: ['resourcequotas', 'limitranges'],
    verbs: READ,
    why: { zh: '查看还能用多少', en: 'to see what is left for them' },
  },
  {
    apiGroup: 'networking.k8s.io',
    resources: ['networkpolicies'],
    verbs: READ,
    why: { zh: '查看为何连不通', en: 'to see why a connection does not come about' },
  },
  {
    apiGroup: 'policy',
    resources: ['poddisruptionbudgets'],
    verbs: READ,
    why: { zh: '查看哪些容器组不会被驱逐', en: 'to see which pods are not evicted' },
  },
  {
    apiGroup: '',
    resources: ['events'],
    verbs: READ,
    why: { zh: '查看调度和启动失败的原因', en: 'to see why a pod is not scheduled or does not start' },
  },
  {
    apiGroup: 'events.k8s.io',
    resources: ['events'],
    verbs: READ,
    why: { zh: '同上，kubectl events 用这一组', en: 'the same, in the group that kubectl events asks' },
  },
  {
    // Bound in a namespace, `get` reaches that namespace's own object and no other.
    apiGroup: '',
    resources: ['namespaces'],
    verbs: ['get'],
    why: { zh: '读取本命名空间的数据级别和资源池', en: "to read their namespace's data class and pools" },
  },
  {
    apiGroup: 'kueue.x-k8s.io',
    resources: ['localqueues', 'workloads'],
    verbs: READ,
    where: withKueue,
    why: { zh: '查看任务在排队的何处', en: 'to see where a job stands in its queue' },
  },
];
