import type { Who } from './api.ts';
import type { Ask } from './row.ts';

/** Where each kind's objects lie: group and version, and the plural. */
const kinds: Readonly<Record<string, readonly [group: string, plural: string]>> = {
  Pod: ['api/v1', 'pods'],
  ReplicationController: ['api/v1', 'replicationcontrollers'],
  PersistentVolumeClaim: ['api/v1', 'persistentvolumeclaims'],
  Service: ['api/v1', 'services'],
  Secret: ['api/v1', 'secrets'],
  ConfigMap: ['api/v1', 'configmaps'],
  ServiceAccount: ['api/v1', 'serviceaccounts'],
  Endpoints: ['api/v1', 'endpoints'],
  Namespace: ['api/v1', 'namespaces'],
  Binding: ['api/v1', 'bindings'],
  EndpointSlice: ['apis/discovery.k8s.io/v1', 'endpointslices'],
  Deployment: ['apis/apps/v1', 'deployments'],
  StatefulSet: ['apis/apps/v1', 'statefulsets'],
  DaemonSet: ['apis/apps/v1', 'daemonsets'],
  ReplicaSet: ['apis/apps/v1', 'replicasets'],
  Job: ['apis/batch/v1', 'jobs'],
  CronJob: ['apis/batch/v1', 'cronjobs'],
  JobSet: ['apis/jobset.x-k8s.io/v1', 'jobsets'],
  ResourceClaim: ['apis/resource.k8s.io/v1', 'resourceclaims'],
  ResourceClaimTemplate: ['apis/resource.k8s.io/v1', 'resourceclaimtemplates'],
};

/** The path of a kind's objects in a namespace, or of all namespaces. */
export function collection(kind: string, namespace?: string): string {
  const found = kinds[kind];
  if (!found) throw new Error(`no path is known for ${kind}`);
  const [group, plural] = found;
  return `/${group}/${namespace === undefined ? '' : `namespaces/${namespace}/`}${plural}`;
}

export const pluralOf = (kind: string): string => collection(kind).replace(/^.*\//, '');

export const create = (who: Who, namespace: string, body: object): Ask => ({
  who,
  verb: 'create',
  path: collection((body as { kind: string }).kind, namespace),
  body,
});

export const createNamespace = (who: Who, body: object): Ask => ({
  who,
  verb: 'create',
  path: collection('Namespace'),
  body,
});

/** A merge patch; `object` is kind/name, with a subresource where there is one. */
export function patch(who: Who, namespace: string | undefined, object: string, body: object): Ask {
  const [kind = '', ...rest] = object.split('/');
  return { who, verb: 'patch', path: [collection(kind, namespace), ...rest].join('/'), body };
}

export const patchNamespace = (
  who: Who,
  name: string,
  labels: Readonly<Record<string, string | null>>,
  subresource = '',
): Ask => patch(who, undefined, `Namespace/${name}${subresource}`, { metadata: { labels } });

/** Into a pod: exec, attach, port-forward. */
export const enter = (who: Who, namespace: string, name: string, verb: 'exec' | 'attach' | 'portforward'): Ask => ({
  who,
  verb,
  path: `${collection('Pod', namespace)}/${name}/${verb}${verb === 'exec' ? '?command=id&stdout=true' : verb === 'attach' ? '?stdout=true' : '?ports=80'}`,
});
