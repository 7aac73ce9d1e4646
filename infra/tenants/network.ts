import { named } from '../labels.ts';
import type { Labels, NetworkPolicy, Peer } from '../kubernetes.ts';

/** A policy for every pod of a namespace. */
export const policy = (
  name: string,
  namespace: string,
  spec: Omit<NetworkPolicy['spec'], 'podSelector'>,
  annotations?: Labels,
): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: named(name, namespace, annotations),
  spec: { podSelector: {}, ...spec },
});

const namespaceNamed = (name: string): Peer => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** Nothing in, nothing out, but for names: what else a namespace needs is a policy of its own. */
export const denied = (namespace: string): NetworkPolicy[] => [
  policy('default-deny', namespace, { policyTypes: ['Ingress', 'Egress'] }),
  policy('dns', namespace, {
    policyTypes: ['Egress'],
    egress: [
      {
        to: [{ ...namespaceNamed('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
    ],
  }),
];

/** All namespaces of a tenant; the label is ours alone to write, so that nobody joins a tenant by it. */
export const tenantNamespaces = (tenant: string): Peer => ({
  namespaceSelector: { matchLabels: { 'greenflops.io/tenant': tenant } },
});

/** The pods of one tenant reach each other, in all its namespaces: a training job is many pods. */
export function amongTenant(namespace: string, tenant: string): NetworkPolicy {
  const peers = [tenantNamespaces(tenant)];
  return policy('tenant', namespace, {
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: peers }],
    egress: [{ to: peers }],
  });
}
