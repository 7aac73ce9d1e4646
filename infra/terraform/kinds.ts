import type {
  AnyPort,
  KubernetesObject,
  NetworkPolicy,
  PolicyRule,
  Port,
  Subject,
  TypedObject,
} from '../kubernetes.ts';
import {
  ClusterRoleBindingV1,
  ClusterRoleV1,
  ConfigMapV1,
  DefaultServiceAccountV1,
  Labels,
  LimitRangeV1,
  Manifest,
  NamespaceV1,
  NetworkPolicyV1,
  PersistentVolumeClaimV1,
  PodDisruptionBudgetV1,
  PriorityClassV1,
  ResourceQuotaV1,
  RoleBindingV1,
  ServiceAccountV1,
  ServiceV1,
  StorageClassV1,
} from './cdktf.ts';
import { list, metadata, type Place } from './place.ts';
import { statefulSet } from './stateful-set.ts';

type Key<T extends TypedObject> = T extends TypedObject ? `${T['apiVersion']}/${T['kind']}` : never;

/**
 * How each kind becomes Terraform: a typed resource where provider 2.38.0 can express the object whole. A kind that is
 * not listed goes through kubernetes_manifest, which needs the cluster at plan time.
 */
const typed: { readonly [T in TypedObject as Key<T>]: Place<T> } = {
  'v1/Namespace': (stack, id, object, meta) =>
    new NamespaceV1(stack, id, { ...meta, metadata: metadata(object.metadata) }),
  // Kubernetes makes every namespace's default account itself: Terraform takes it over instead of creating a second one.
  'v1/ServiceAccount': (stack, id, object, meta) => {
    const config = {
      ...meta,
      metadata: metadata(object.metadata),
      automountServiceAccountToken: object.automountServiceAccountToken,
    };
    return object.metadata.name === 'default'
      ? new DefaultServiceAccountV1(stack, id, config)
      : new ServiceAccountV1(stack, id, config);
  },
  'v1/ResourceQuota': (stack, id, { metadata: data, spec: { hard } }, meta) =>
    new ResourceQuotaV1(stack, id, { ...meta, metadata: metadata(data), spec: { hard } }),
  'v1/LimitRange': (stack, id, { metadata: data, spec: { limits } }, meta) =>
    new LimitRangeV1(stack, id, { ...meta, metadata: metadata(data), spec: { limit: list(limits) } }),
  'networking.k8s.io/v1/NetworkPolicy': (stack, id, { metadata: data, spec }, meta) =>
    new NetworkPolicyV1(stack, id, { ...meta, metadata: metadata(data), spec: policy(spec) }),
  'storage.k8s.io/v1/StorageClass': (stack, id, object, meta) =>
    new StorageClassV1(stack, id, {
      ...meta,
      metadata: metadata(object.metadata),
      storageProvisioner: object.provisioner,
      reclaimPolicy: object.reclaimPolicy,
      volumeBindingMode: object.volumeBindingMode,
      allowVolumeExpansion: object.allowVolumeExpansion,
    }),
  'v1/PersistentVolumeClaim': (stack, id, { metadata: data, spec }, meta) =>
    new PersistentVolumeClaimV1(stack, id, {
      ...meta,
      metadata: metadata(data),
      spec: { ...spec, accessModes: list(spec.accessModes) },
      waitUntilBound: false, // it is bound when the exporter's pod is scheduled, which another stack brings
    }),
  'v1/ConfigMap': (stack, id, { metadata: data, immutable, data: texts }, meta) =>
    new ConfigMapV1(stack, id, { ...meta, metadata: metadata(data), immutable, data: texts }),
  'v1/Service': (stack, id, { metadata: data, spec: { clusterIP, selector, ports } }, meta) =>
    new ServiceV1(stack, id, {
      ...meta,
      metadata: metadata(data),
      spec: { clusterIp: clusterIP, selector, port: list(ports) },
    }),
  'apps/v1/StatefulSet': statefulSet,
  'rbac.authorization.k8s.io/v1/ClusterRole': (stack, id, { metadata: data, rules }, meta) =>
    new ClusterRoleV1(stack, id, { ...meta, metadata: metadata(data), rule: rules.map(rule) }),
  'rbac.authorization.k8s.io/v1/RoleBinding': (stack, id, { metadata: data, roleRef, subjects }, meta) =>
    new RoleBindingV1(stack, id, { ...meta, metadata: metadata(data), roleRef, subject: subjects.map(subject) }),
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': (stack, id, { metadata: data, roleRef, subjects }, meta) =>
    new ClusterRoleBindingV1(stack, id, { ...meta, metadata: metadata(data), roleRef, subject: subjects.map(subject) }),
  'scheduling.k8s.io/v1/PriorityClass': (stack, id, { metadata: data, value, ...rest }, meta) =>
    new PriorityClassV1(stack, id, {
      ...meta,
      metadata: metadata(data),
      value,
      description: rest.description,
      globalDefault: rest.globalDefault,
      preemptionPolicy: rest.preemptionPolicy,
    }),
  'policy/v1/PodDisruptionBudget': (stack, id, { metadata: data, spec }, meta) =>
    new PodDisruptionBudgetV1(stack, id, {
      ...meta,
      metadata: metadata(data),
      spec: { minAvailable: String(spec.minAvailable), selector: spec.selector },
    }),
  'v1/Node': (stack, id, { apiVersion, kind, metadata: { name, labels }, fieldManager, takesOver }, meta) =>
    new Labels(stack, id, { ...meta, apiVersion, kind, metadata: { name }, labels, fieldManager, force: takesOver }),
};

const manifest: Place<KubernetesObject> = (stack, id, object, meta) =>
  // An edit by hand belongs to its hand: without force the next deploy would stop at it.
  new Manifest(stack, id, { ...meta, manifest: { ...object }, fieldManager: { forceConflicts: true } });

const rows = new Map<string, Place<never>>(Object.entries(typed));

/** Adds an object to a stack in the way of its kind. */
export const place: Place<KubernetesObject> = (stack, id, object, meta) => {
  const row = rows.get(`${object.apiVersion}/${object.kind}`);
  // The row of the object's own kind: the table's type says so, but not to whoever looks a text up in it.
  return row ? row(stack, id, object as never, meta) : manifest(stack, id, object, meta);
};

/** The provider writes the namespace `default` where none is given, groups' too, which have none. */
const subject = (one: Subject) => ({ ...one, namespace: one.kind === 'ServiceAccount' ? one.namespace : '' });

const rule = ({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule) => ({
  ...(apiGroups && { apiGroups: list(apiGroups) }),
  ...(resources && { resources: list(resources) }),
  verbs: list(verbs),
  ...(resourceNames && { resourceNames: list(resourceNames) }),
  ...(nonResourceURLs && { nonResourceUrls: list(nonResourceURLs) }),
});

function policy({ podSelector, policyTypes, ingress = [], egress = [] }: NetworkPolicy['spec']) {
  return {
    podSelector,
    policyTypes: list(policyTypes),
    ingress: ingress.map(({ from, ports }) => ({ from: list(from), ports: ports?.map(portText) })),
    egress: egress.map(({ to, ports }) => ({ to: list(to), ports: ports?.map(portText) })),
  };
}

/** The provider takes a port's number as text, because it may be a name. */
const portText = ({ protocol, port }: Port | AnyPort) => ({
  protocol,
  ...(port !== undefined && { port: String(port) }),
});
