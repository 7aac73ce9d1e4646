import { configured } from './configured.ts';
import { READ, withKueue, type Right } from './right.ts';

/**
 * What whoever runs the cluster may do: see everything but what belongs to tenants alone, and make room on a node.
 *
 * Ways up that are closed by what is not listed:
 * - tenants' data: no secrets; no pods/log, for logs are data of the tenant's class and no admission policy sees a read; no
 *   exec, attach, port-forward nor proxy. nodes/proxy would be exec on every pod by the kubelet.
 * - new code: no create of pods, nor of anything that makes pods, which could run as any account of any namespace. Of what
 *   exists a Job's image cannot be changed; a CronJob's and a Deployment's can, so those two are not patched, only scaled.
 * - rules: nothing that writes quotas, policies or roles, no `bind`, `escalate`, `impersonate`, no tokens, no certificates.
 */
export const operatorRights: readonly Right[] = [
  ...configured,
  {
    apiGroup: '',
    resources: ['configmaps', 'endpoints', 'podtemplates', 'replicationcontrollers'],
    verbs: READ,
    why: { zh: '查看组件设置和服务去向', en: 'to see how components are set and where services lead' },
  },
  {
    apiGroup: 'metrics.k8s.io',
    resources: ['nodes', 'pods'],
    verbs: ['get', 'list'],
    why: { zh: '查看用量（kubectl top）', en: 'to see what is used (kubectl top)' },
  },
  {
    apiGroup: 'coordination.k8s.io',
    resources: ['leases'],
    verbs: READ,
    why: { zh: '查看节点心跳和主备', en: "to see nodes' heartbeats and who leads" },
  },
  {
    // cordon, label and taint are all patches of the node; its status is the kubelet's.
    apiGroup: '',
    resources: ['nodes'],
    verbs: ['patch'],
    why: { zh: '停用节点、贴标签和污点', en: 'to cordon nodes, and to label and taint them' },
  },
  {
    apiGroup: '',
    resources: ['pods/eviction'],
    verbs: ['create'],
    why: { zh: '腾空节点，受干扰预算约束', en: 'to drain a node, as far as disruption budgets allow' },
  },
  {
    apiGroup: '',
    resources: ['pods'],
    verbs: ['delete'],
    why: {
      zh: '节点故障时移走受保护或卡住的容器组',
      en: 'to move protected or stuck pods off a node that fails',
    },
  },
  {
    apiGroup: 'batch',
    resources: ['jobs'],
    verbs: ['patch'],
    why: {
      zh: '暂停任务（spec.suspend）；镜像不可改',
      en: 'to suspend a job (spec.suspend); its image cannot be changed',
    },
  },
  {
    apiGroup: 'apps',
    resources: ['deployments/scale', 'statefulsets/scale'],
    verbs: ['get', 'patch'],
    why: { zh: '停下服务（副本数），不改模板', en: 'to stop a service by its replicas, not by its template' },
  },
  {
    // Suspends a job of any kind that Kueue admits; a Workload itself runs nothing.
    apiGroup: 'kueue.x-k8s.io',
    resources: ['workloads'],
    verbs: ['patch'],
    where: withKueue,
    why: { zh: '暂停 Kueue 接纳的任务（spec.active）', en: 'to suspend what Kueue has admitted (spec.active)' },
  },
];
