import { isIP } from 'node:net';
import type { AnyPort, NetworkPolicy, Peer, Port } from '../kubernetes.ts';
import { named } from '../labels.ts';

const policy = (name: string, namespace: string, spec: Omit<NetworkPolicy['spec'], 'podSelector'>): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: named(name, namespace),
  spec: { podSelector: {}, ...spec },
});

const namespaceNamed = (name: string): Peer => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** In to the exporter's port from the namespace where Prometheus runs, and from nowhere else. */
export const fromMonitoring = (namespace: string, port: number, monitoring: string): NetworkPolicy =>
  policy('from-monitoring', namespace, {
    policyTypes: ['Ingress'],
    ingress: [{ from: [namespaceNamed(monitoring)], ports: [{ protocol: 'TCP', port }] }],
  });

/** A device, or a Service of the cluster, as the declaration names it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** @default 'TCP' */
  readonly protocol?: 'TCP' | 'UDP';
}

interface Rule {
  readonly to: readonly Peer[];
  readonly ports: readonly (Port | AnyPort)[];
}

/** A Service, or one pod of a headless Service before it: [pod.]service.namespace.svc */
const IN_CLUSTER = /^([a-z0-9-]+\.)?[a-z0-9-]+\.([a-z0-9-]+)\.svc(?:\.|$)/;

/**
 * The rule that lets an endpoint be reached; undefined for a host that a network policy cannot name.
 * - An address: that address and port.
 * - A pod of a headless Service: its namespace, and its port, which nothing translates on the way.
 * - A Service: its namespace, every port of the protocol. A policy is asked about the pod's port, which the Service chooses
 *   (targetPort), and about the pod's labels, which the Service selects; the declaration knows neither.
 */
export function ruleTo({ host, port, protocol = 'TCP' }: Endpoint): Rule | undefined {
  const family = isIP(host);
  const exactly: Port[] = [{ protocol, port }];
  if (family !== 0) return { to: [{ ipBlock: { cidr: `${host}/${family === 4 ? 32 : 128}` } }], ports: exactly };
  if (host.startsWith('kubernetes.default.svc')) return undefined; // no pod: its addresses stand in api_server
  const [, pod, namespace] = IN_CLUSTER.exec(host) ?? [];
  if (namespace === undefined) return undefined;
  return { to: [namespaceNamed(namespace)], ports: pod === undefined ? [{ protocol }] : exactly };
}

/**
 * Out to the declared devices and nothing else; one rule each, in the order of the declaration. None where there is none:
 * an empty list would be written anew by every apply.
 */
export function toSources(namespace: string, endpoints: readonly Endpoint[]): NetworkPolicy[] {
  const rules = endpoints.flatMap((endpoint) => ruleTo(endpoint) ?? []); // obstacles.ts has refused the others
  const egress = [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
  return egress.length > 0 ? [policy('to-sources', namespace, { policyTypes: ['Egress'], egress })] : [];
}
