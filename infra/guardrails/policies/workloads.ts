import { membersOf } from '../../../model/members.ts';
import type { Cluster } from '../../cluster.ts';
import { ofGroups, texts } from './cel.ts';
import type { On } from './policy.ts';

/** Everything that holds a pod's specification: pods, and what makes them. */
export const workloads: readonly On[] = [
  { group: '', resources: ['pods', 'replicationcontrollers'], operations: ['CREATE', 'UPDATE'] },
  {
    group: 'apps',
    resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
    operations: ['CREATE', 'UPDATE'],
  },
  { group: 'batch', resources: ['jobs', 'cronjobs'], operations: ['CREATE', 'UPDATE'] },
];

/**
 * The pod itself, or the template that pods are made from. dyn: the object is of another type in each request, and the
 * server's type check would warn of fields that only some of them have.
 */
export const pod =
  "dyn(object).kind == 'Pod' ? dyn(object) : " +
  "dyn(object).kind == 'CronJob' ? dyn(object).spec.jobTemplate.spec.template : dyn(object).spec.template";

/** Where its labels and specification stand in what the user wrote, for messages. */
export const podPath =
  "dyn(object).kind == 'Pod' ? '' : " +
  "dyn(object).kind == 'CronJob' ? 'spec.jobTemplate.spec.template.' : 'spec.template.'";

/** Containers of every sort in `variables.pod`. */
export const containers =
  'variables.pod.spec.?containers.orValue([]) + variables.pod.spec.?initContainers.orValue([]) + ' +
  'variables.pod.spec.?ephemeralContainers.orValue([])';

const accounts = (namespaces: readonly string[]) => namespaces.map((one) => `system:serviceaccounts:${one}`);
const SERVERS = ['system:kube-controller-manager', 'system:kube-scheduler'];

/** Templates of claims that come with a workload, in `variables.pod` and beside it. */
export const claimTemplates =
  'dyn(object).spec.?volumeClaimTemplates.orValue([]) + variables.pod.spec.?volumes.orValue([])' +
  '.filter(volume, has(volume.ephemeral)).map(volume, volume.ephemeral.volumeClaimTemplate)';

/** Terms of node affinity in `variables.pod`, wanted and preferred ones. */
export const affinityTerms =
  'variables.pod.spec.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution.?nodeSelectorTerms' +
  '.orValue([]) + variables.pod.spec.?affinity.?nodeAffinity.?preferredDuringSchedulingIgnoredDuringExecution' +
  '.orValue([]).map(preferred, preferred.preference)';

/** A request of Kubernetes itself. */
export const byKubernetes = `request.userInfo.username in ${texts(SERVERS)} || ${ofGroups(accounts(['kube-system']))}`;

/** A request of the cluster's controllers: Kubernetes', Kueue's, and those that the estate declares. */
export const byControllers = ({ cluster }: Cluster): string =>
  `request.userInfo.username in ${texts(SERVERS)} || ` +
  ofGroups(
    accounts(['kube-system', ...(cluster.kueue.enabled ? [cluster.kueue.namespace] : []), ...cluster.controllers]),
  );

/** A request of the cluster's tenants: their members, whatever else they are, and the accounts of their pods. */
export const byTenants = ({ tenants }: Cluster): string =>
  ofGroups([...tenants.flatMap(membersOf), ...accounts(tenants.flatMap((tenant) => tenant.namespaces))]);

/** The end of what is being deleted: finalizers go, and it stays what it is. */
export const ending =
  "request.operation == 'UPDATE' && has(oldObject.metadata.deletionTimestamp) && " +
  'dyn(object).?spec == dyn(oldObject).?spec && object.metadata.?labels == oldObject.metadata.?labels';

const same = (path: string) => `dyn(object).?${path} == dyn(oldObject).?${path}`;

/** Work that is suspended, or gets fewer pods, and stays what it is: whatever drains a node may do that to old objects. */
export const pausing =
  "request.operation == 'UPDATE' && (dyn(object).?spec.?suspend.orValue(false) || " +
  'dyn(object).?spec.?replicas.orValue(1) < dyn(oldObject).?spec.?replicas.orValue(1)) && ' +
  ['metadata.?labels', 'metadata.?ownerReferences', 'spec.?template', 'spec.?jobTemplate'].map(same).join(' && ');

/**
 * Updates that must pass whatever the object is like: the controllers' own bookkeeping on objects older than the
 * policies, the kubelet's reports, and the end or the rest of what stays what it is.
 */
export const bookkeeping = (cluster: Cluster): Readonly<Record<string, string>> => ({
  'not-by-controllers': `request.operation == 'UPDATE' && (${byControllers(cluster)} || ${ofGroups(['system:nodes'])})`,
  'not-ending': ending,
  'not-pausing': pausing,
});
