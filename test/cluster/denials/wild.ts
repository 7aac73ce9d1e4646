import { claimSpec, container, deployment, namespace, pod, service, secret, statefulSet } from './objects.ts';

const PLACE = { 'greenflops.io/jurisdiction': 'hunan' };
const spec = {
  containers: [container({ image: 'evil.example/x:1' })],
  tolerations: [{ operator: 'Exists' }],
  nodeSelector: { 'kubernetes.io/hostname': 'nowhere' },
  automountServiceAccountToken: true,
  priorityClassName: 'system-cluster-critical',
};
const from = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'night', namespace: 'ore-vault' };
const HELD = 'greenflops.example/held';

/** An object of the time before the policies that breaks all of them that look at its kind. */
const wild = (object: object): object => {
  const { metadata, ...rest } = object as { metadata: object };
  return { ...rest, metadata: { ...metadata, finalizers: [HELD] } };
};

export const wildObjects: readonly object[] = [
  pod('wild', spec, PLACE),
  deployment('wild', { own: PLACE, labels: PLACE, spec, fields: { replicas: 1 } }),
  statefulSet('wild', {
    own: {},
    labels: {},
    fields: {
      replicas: 0,
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec({ dataSourceRef: from }) }],
    },
  }),
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'wild', labels: { 'greenflops.io/dataset': 'unknown' } },
    spec: claimSpec(),
  },
  service('wild', { externalIPs: ['10.8.0.9'] }, { 'greenflops.io/data-class': 'core' }),
  secret('wild', { 'greenflops.io/data-class': 'core' }),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'wild' } },
].map(wild);

/** Namespaces that would not be made any more: without class, and of a class that the cluster may not hold. */
export const wildNamespaces: readonly object[] = [
  namespace('bare', { 'greenflops.io/tenant': 'copper-ai' }),
  namespace('core-vault', { 'greenflops.io/tenant': 'copper-ai', 'greenflops.io/data-class': 'core' }),
].map(wild);
