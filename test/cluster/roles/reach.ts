import assert from 'node:assert/strict';
import { BlockList, isIPv6 } from 'node:net';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import type { Stage } from '../stage.ts';

type Strings = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Strings;
}
interface Peer {
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string };
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly protocol: string; readonly port: number }[];
}
interface Policy {
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}
/** A pod by its namespace, or an address outside. */
interface End {
  readonly namespace?: string;
  readonly labels?: Strings;
  readonly address?: string;
}

/** What stands on the server. */
interface Live {
  readonly policies: readonly Policy[];
  readonly namespaces: ReadonlyMap<string, Strings>;
}

/** Whatever field is not read here would make the judgement wrong. */
const KNOWN = new Set(['matchLabels', 'namespaceSelector', 'podSelector', 'ipBlock', 'cidr', 'from', 'to', 'ports']);

function only(part: object): void {
  for (const key of Object.keys(part))
    assert.ok(KNOWN.has(key), `a network policy has ${key}, which nobody judges here`);
}

function selects(selector: Selector, labels: Strings): boolean {
  only(selector);
  return Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}

function matches(peer: Peer, end: End, { namespaces }: Live): boolean {
  only(peer);
  if (peer.ipBlock) {
    only(peer.ipBlock);
    const [net = '', bits] = peer.ipBlock.cidr.split('/');
    const block = new BlockList();
    block.addSubnet(net, Number(bits), isIPv6(net) ? 'ipv6' : 'ipv4');
    return end.address !== undefined && block.check(end.address, isIPv6(end.address) ? 'ipv6' : 'ipv4');
  }
  if (end.namespace === undefined) return false;
  return (
    selects(peer.namespaceSelector ?? {}, namespaces.get(end.namespace) ?? {}) &&
    selects(peer.podSelector ?? {}, end.labels ?? {})
  );
}

/** networking.k8s.io/v1: what no policy of a direction selects is open; what one selects needs a rule of any of them. */
function open(live: Live, type: 'Ingress' | 'Egress', at: End, other: End, port: string): boolean {
  const policies = live.policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === at.namespace &&
      spec.policyTypes.includes(type) &&
      selects(spec.podSelector, at.labels ?? {}),
  );
  if (policies.length === 0) return true;
  const [protocol, number] = port.split('/');
  return policies.some(({ spec }) =>
    ((type === 'Ingress' ? spec.ingress : spec.egress) ?? []).some((rule) => {
      only(rule);
      const peers = type === 'Ingress' ? rule.from : rule.to;
      const byPort = rule.ports?.some((one) => one.protocol === protocol && one.port === Number(number)) ?? true;
      return byPort && (peers?.some((peer) => matches(peer, other, live)) ?? true);
    }),
  );
}

const reaches = (live: Live, from: End, to: End, port: string): boolean =>
  open(live, 'Egress', from, to, port) && (to.namespace === undefined || open(live, 'Ingress', to, from, port));

const train = { namespace: 'copper-train' };
const serve = { namespace: 'copper-serve' };
const vault = { namespace: 'ore-vault' };
const dns = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };

/** By hand, from the proving estate and what estate.ts adds to it. */
const ways: readonly (readonly [from: End, to: End, port: string, open: boolean])[] = [
  [train, serve, 'TCP/29500', true], // one tenant's pods, any port
  [serve, train, 'UDP/4791', true],
  [train, vault, 'TCP/8443', true], // declared, so open at both ends
  [train, vault, 'TCP/443', false],
  [train, vault, 'UDP/8443', false],
  [vault, train, 'TCP/8443', false], // the way back is not declared; an answer needs none
  [train, { address: '10.8.0.7' }, 'TCP/443', true],
  [train, { address: '10.8.0.7' }, 'TCP/80', false],
  [train, { address: '10.8.0.7' }, 'UDP/443', false],
  [train, { address: '10.8.1.7' }, 'TCP/443', false],
  [vault, { address: '10.8.0.7' }, 'TCP/443', false],
  [vault, dns, 'UDP/53', true],
  [vault, dns, 'TCP/53', true],
  [vault, dns, 'TCP/443', false],
  [vault, { namespace: 'kube-system' }, 'UDP/53', false],
  [train, { address: '10.0.0.1' }, 'TCP/6443', false], // the API server
  [train, { address: '169.254.169.254' }, 'TCP/80', false], // what a cloud tells its machines
  [{ namespace: 'default' }, train, 'TCP/8080', false],
  [{ namespace: 'default' }, vault, 'TCP/8443', false],
];

/** Whether packets obey is the network plugin's, and none runs here: this judges the rules that it would be given. */
async function wayByWay(stage: Stage): Promise<void> {
  const list = async <T>(...args: string[]): Promise<T[]> =>
    (JSON.parse(await stage.accepted(['get', ...args, '-o', 'json'])) as { items: T[] }).items;
  const namespaces = await list<{ metadata: { name: string; labels: Strings } }>('namespaces');
  const live: Live = {
    policies: await list<Policy>('networkpolicies', '-A'),
    namespaces: new Map(namespaces.map(({ metadata: { name, labels } }) => [name, labels])),
  };
  const named = ({ namespace = '', address = '', labels }: End) =>
    `${namespace}${address}${labels ? ` ${JSON.stringify(labels)}` : ''}`;
  const line = (from: End, to: End, port: string, is: boolean) =>
    `${named(from)} -> ${named(to)} ${port}: ${is ? 'open' : 'shut'}`;
  assert.deepEqual(
    ways.map(([from, to, port]) => line(from, to, port, reaches(live, from, to, port))),
    ways.map(([from, to, port, is]) => line(from, to, port, is)),
  );
  shown(
    'NetworkPolicy',
    'behaves',
    `${ways.length} ways judged open or shut by the rules on the server; no plugin runs`,
  );
}

export const reachChecks = (stage: Stage): Check[] => [
  [`roles: of ${ways.length} ways from pod to pod and out, those declared are open`, () => wayByWay(stage)],
];
