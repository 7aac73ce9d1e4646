import { managerOf } from '../../model/queues/scope.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject, PolicyRule } from '../kubernetes.ts';
import { named, names } from '../labels.ts';
import { roleNamed } from '../guardrails/subjects.ts';
import { dispatchedKinds, type Dispatched } from './dispatched-kinds.ts';

/** As whom a manager's Kueue acts on its workers. */
export const dispatchAccount = 'greenflops-dispatch';

/** The user name that a worker's API server and its policies see. */
export const dispatchUser = ({ cluster: { kueue } }: Cluster): string =>
  `system:serviceaccount:${kueue.namespace}:${dispatchAccount}`;

/**
 * The account of a worker that has a manager, in the namespace of its Kueue, with what MultiKueue does there and no more:
 * it makes and takes away jobs and their Workloads, and looks at them. No update of a job: what was handed over stays as
 * it was submitted. The rights are the whole cluster's, for Kueue watches without a namespace.
 */
export function accountObjects({ plan, cluster }: Cluster): KubernetesObject[] {
  const manager = managerOf(plan.estate, cluster);
  if (!manager) return [];
  const { namespace } = cluster.kueue;
  const what = names({
    zh: `管理集群 ${manager.id} 的 Kueue 在本集群的账号：建立、查看、删除作业`,
    en: `The account of manager ${manager.id}'s Kueue on this cluster: it makes, watches and deletes jobs`,
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: named(dispatchAccount, namespace, what),
      automountServiceAccountToken: false, // no pod runs as it
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: named(dispatchAccount, undefined, what),
      rules: [...workloads, ...dispatchedKinds({ cluster: manager }).flatMap(rights)],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: named(dispatchAccount),
      roleRef: roleNamed(dispatchAccount),
      subjects: [{ kind: 'ServiceAccount', name: dispatchAccount, namespace }],
    },
  ];
}

const HAND_OVER = ['get', 'list', 'watch', 'create', 'delete'];

const workloads: readonly PolicyRule[] = [
  { apiGroups: ['kueue.x-k8s.io'], resources: ['workloads'], verbs: HAND_OVER },
  { apiGroups: ['kueue.x-k8s.io'], resources: ['workloads/status'], verbs: ['get', 'patch', 'update'] },
];

/** Of what runs it reads the state, which it copies back to the manager. */
const rights = ({ group, resource }: Dispatched): PolicyRule[] => [
  { apiGroups: [group], resources: [resource], verbs: HAND_OVER },
  { apiGroups: [group], resources: [`${resource}/status`], verbs: ['get'] },
];
