import type { Labels } from '../kubernetes.ts';
import type { Live } from './live.ts';

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}
interface Peer {
  readonly ipBlock?: { readonly cidr: string };
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
}
interface Rule {
  readonly to?: readonly Peer[];
  readonly from?: readonly Peer[];
  readonly ports?: readonly { readonly protocol?: string; readonly port?: number | string }[];
}
interface Rules {
  readonly egress?: readonly Rule[];
  readonly ingress?: readonly Rule[];
}

const TENANT = 'greenflops.io/tenant';

/** What a NetworkPolicy lets out (→) and in (←): `→ 10.8.0.0/24:443 (general, jiangxi)`; `*` is everybody. */
export function openings(policy: Live | undefined): string[] {
  const { egress = [], ingress = [] } = (policy?.spec ?? {}) as Rules;
  const { 'greenflops.io/data-class': level, 'greenflops.io/jurisdiction': law } = policy?.metadata.annotations ?? {};
  const about = level === undefined ? '' : ` (${[level, law].filter((one) => one !== undefined).join(', ')})`;
  return [
    ...egress.map((rule) => `→ ${ruleText(rule)}${about}`),
    ...ingress.map((rule) => `← ${ruleText(rule)}${about}`),
  ];
}

function ruleText({ to, from, ports = [] }: Rule): string {
  const peers = [...(to ?? []), ...(from ?? [])].map(peerText).join(' ') || '*';
  const doors = ports.map(({ protocol = 'TCP', port = '*' }) => (protocol === 'TCP' ? port : `${port}/${protocol}`));
  return doors.length > 0 ? `${peers}:${doors.join(',')}` : peers;
}

function peerText({ ipBlock, namespaceSelector, podSelector }: Peer): string {
  if (ipBlock) return ipBlock.cidr;
  const parts = [...selectorParts(namespaceSelector), ...selectorParts(podSelector)];
  const [only, ...others] = parts;
  // All namespaces of a tenant go by its id.
  if (only?.startsWith(`${TENANT}=`) && others.length === 0) return only.slice(TENANT.length + 1);
  return parts.join('&') || '*';
}

const selectorParts = ({ matchLabels = {}, matchExpressions = [] }: Selector = {}): string[] => [
  ...Object.entries(matchLabels).map((pair) => pair.join('=')),
  ...matchExpressions.map(({ key, operator, values = [] }) => `${key} ${operator} ${values.join('|')}`.trim()),
];
