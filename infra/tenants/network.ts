import { isIP } from 'node:net';
import { named } from '../labels.ts';
import type { Labels, NetworkPolicy, Peer, Port } from '../kubernetes.ts';

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

/** Where a Prometheus that scrapes the exporter runs: the namespace of kube-prometheus. */
const MONITORING = 'monitoring';
export const fromMonitoring = (namespace: string, port: number): NetworkPolicy =>
  policy('from-monitoring', namespace, {
    policyTypes: ['Ingress'],
    ingress: [{ from: [namespaceNamed(MONITORING)], ports: [{ protocol: 'TCP', port }] }],
  });

/** A device, or a Service of the cluster, as the declaration names it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** @default 'TCP' */
  readonly protocol?: 'TCP' | 'UDP';
}

/**
 * The peer that a network policy can express: an address, or the namespace of a Service (its pods' port may differ from
 * the Service's). undefined for any other host name, which a network policy cannot name.
 */
export function peerOf({
  host,
  port,
  protocol = 'TCP',
}: Endpoint): { readonly to: Peer; readonly ports?: readonly Port[] } | undefined {
  const family = isIP(host);
  const ports: Port[] = [{ protocol, port }];
  if (family !== 0) return { to: { ipBlock: { cidr: `${host}/${family === 4 ? 32 : 128}` } }, ports };
  const namespace = /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.|$)/.exec(host)?.[1];
  return namespace === undefined ? undefined : { to: namespaceNamed(namespace) };
}

/** Out to the declared devices and nothing else; one rule each, in the order of the declaration. */
export function toSources(namespace: string, endpoints: readonly Endpoint[]): NetworkPolicy {
  const rules = endpoints.flatMap((endpoint) => {
    const peer = peerOf(endpoint);
    return peer ? [{ to: [peer.to], ...(peer.ports && { ports: peer.ports }) }] : []; // deployable.ts has refused it
  });
  const egress = [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
  return policy('to-sources', namespace, { policyTypes: ['Egress'], egress });
}
