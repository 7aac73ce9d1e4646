import { expect, test } from 'vitest';
import type { StatefulSet } from '../../infra/kubernetes.ts';
import { loadPlan } from '../../model/load.ts';
import { readFileSync } from 'node:fs';
import { telemetryObstacles } from '../../infra/telemetry/obstacles.ts';
import { ruleTo, toSources } from '../../infra/telemetry/network.ts';
import { clusters } from '../../infra/cluster.ts';
import { neededSecrets } from '../../infra/telemetry/secrets.ts';
import { planFolder } from '../plan-folder.ts';
import { objectsOf, replaced, stacksOf } from './estates.ts';

const shipped = readFileSync('plan/estate.yaml', 'utf8');
/** One meter more, with this source and these registers. */
const meter = (source: string, registers: string): readonly [string, string] => [
  '\nmeters:\n',
  `\nmeters:\n  - { id: more, site: nanchang, role: other, rated_kw: 5, source: ${source}, registers: ${registers} }\n`,
];
const snmp = meter(
  "{ protocol: snmp, version: '2c', address: '10.1.2.4:161', community_file: /etc/greenflops/secrets/more }",
  '{ energy: { oid: 1.3.6.1.4.1.318.1.1.26.4.3.1.9.1, scale_to_wh: 100, modulus: none } }',
);
const CLUSTER = 'context: nc-a,';
const API = "api_server: ['10.0.0.1:6443', '[fd00::1]:6443']";
const allocation = (source: string) => `allocation: { family: kubernetes, source: { protocol: kubernetes${source} } }`;
const all =
  (...changes: readonly (readonly [string, string])[]) =>
  (text: string) =>
    changes.reduce((changed, [from, to]) => replaced(from, to)(changed), text);

/** What the rules find in a changed estate: path of the place, English text. */
function found(change: (estate: string) => string): string[] {
  const { dir, remove } = planFolder(change(shipped));
  try {
    return telemetryObstacles(loadPlan(dir)).map(({ path, detail }) => `${path.join('.')}: ${detail.en}`);
  } finally {
    remove();
  }
}
const telemetry = (change: (estate: string) => string) => objectsOf(stacksOf(change), 'nc-a-telemetry');
const egress = (change: (estate: string) => string) =>
  telemetry(change).get('NetworkPolicy greenflops/to-sources') as { spec?: { egress: unknown[] } };
const podOf = (change: (estate: string) => string) =>
  (telemetry(change).get('StatefulSet greenflops/greenflops-exporter') as StatefulSet).spec.template.spec;

test.each([
  ['an address', '10.1.2.3', { ipBlock: { cidr: '10.1.2.3/32' } }, [{ protocol: 'TCP', port: 502 }]],
  ['an IPv6 address', 'fd00::9', { ipBlock: { cidr: 'fd00::9/128' } }, [{ protocol: 'TCP', port: 502 }]],
  ['a Service, whose pods choose their ports', 'dcgm.gpu.svc', 'gpu', [{ protocol: 'TCP' }]],
  ['a Service by its whole name', 'dcgm.gpu.svc.cluster.local', 'gpu', [{ protocol: 'TCP' }]],
  ['a pod of a headless Service', 'prometheus-0.operated.watch.svc', 'watch', [{ protocol: 'TCP', port: 502 }]],
])('%s', (_, host, peer, ports) => {
  const to =
    typeof peer === 'string' ? { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': peer } } } : peer;
  expect(ruleTo({ host, port: 502 })).toEqual({ to: [to], ports });
});

test.each(['dcgm.example', 'svc', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'])(
  'no policy names %s',
  (host) => expect(ruleTo({ host, port: 443 })).toBeUndefined(),
);

test('without a device there is no policy, for an empty list is written anew by every apply', () => {
  expect(toSources('greenflops', [])).toEqual([]);
  const twice = [
    { host: '10.1.2.3', port: 502 },
    { host: '10.1.2.3', port: 502 },
  ];
  expect(toSources('greenflops', twice)).toHaveProperty('0.spec.egress.length', 1);
});

test('an SNMP agent is let out to by UDP, and its secret is mounted', () => {
  const change = all(snmp);
  expect(egress(change).spec?.egress[0]).toEqual({
    to: [{ ipBlock: { cidr: '10.1.2.4/32' } }],
    ports: [{ protocol: 'UDP', port: 161 }],
  });
  expect(found(change)).toEqual([]);
  const { volumes, containers } = podOf(change);
  expect(volumes).toContainEqual({
    name: 'secrets',
    secret: { secretName: 'greenflops-sources', defaultMode: 0o440, optional: false },
  });
  expect(containers[0]?.volumeMounts).toContainEqual(
    expect.objectContaining({ name: 'secrets', mountPath: '/etc/greenflops/secrets', readOnly: true }),
  );
  expect(podOf((estate) => estate).volumes.map(({ name }) => name)).toEqual(['plan', 'web', 'ledger', 'tmp']);
});

test("the Kubernetes API: out to its addresses, by the pod's own account, only where it is asked", () => {
  const change = all([CLUSTER, `${CLUSTER} ${API}, ${allocation(', kubeconfig: in-cluster')},`]);
  expect(found(change)).toEqual([]);
  expect(egress(change).spec?.egress).toEqual(
    expect.arrayContaining([
      { to: [{ ipBlock: { cidr: '10.0.0.1/32' } }], ports: [{ protocol: 'TCP', port: 6443 }] },
      { to: [{ ipBlock: { cidr: 'fd00::1/128' } }], ports: [{ protocol: 'TCP', port: 6443 }] },
    ]),
  );
  const { volumes, containers, automountServiceAccountToken } = podOf(change);
  expect(automountServiceAccountToken).toBe(false);
  expect(volumes.find(({ name }) => name === 'account')).toMatchObject({
    projected: {
      sources: [
        { serviceAccountToken: { path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt' } },
        { downwardAPI: { items: [{ path: 'namespace' }] } },
      ],
    },
  });
  expect(containers[0]?.volumeMounts).toContainEqual(
    expect.objectContaining({ mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }),
  );
});

test.each([
  ['without an address', `${allocation(', kubeconfig: in-cluster')},`, 'give the cluster api_server: [address:port]'],
  ['by a kubeconfig that no pod has', `${API}, ${allocation('')},`, 'write kubeconfig: in-cluster'],
  [
    'by a kubeconfig elsewhere',
    `${API}, ${allocation(', kubeconfig: /etc/elsewhere/kubeconfig')},`,
    'write /etc/greenflops/secrets/NAME',
  ],
  [
    'by a host name',
    `api_server: ['api.example:6443'], ${allocation(', kubeconfig: in-cluster')},`,
    'write the IP address',
  ],
])('the Kubernetes API %s is refused', (_, text, says) => {
  expect(found(all([CLUSTER, `${CLUSTER} ${text}`]))).toEqual([expect.stringContaining(says)]);
});

test.each([
  [
    'a secret elsewhere',
    'http://127.0.0.1:19400/nc-a800/metrics" }',
    'http://127.0.0.1:19400/nc-a800/metrics", auth: { bearer_file: /run/secrets/dcgm } }',
    "pools.0.telemetry.source.auth.bearer_file: the exporter's container has no such file",
  ],
  [
    'a secret below a folder',
    'http://127.0.0.1:19400/nc-a800/metrics" }',
    'http://127.0.0.1:19400/nc-a800/metrics", tls: { ca_file: /etc/greenflops/secrets/a/b } }',
    "tls.ca_file: the exporter's container has no such file",
  ],
  [
    'a text file',
    'http://127.0.0.1:19400/nc-a800/metrics',
    'file:///srv/dcgm.prom',
    "pools.0.telemetry.source.url: the exporter's container mounts",
  ],
  [
    'a folder of files',
    ...meter('{ protocol: file-drop, folder: /srv/drop }', '{}'),
    "meters.0.source.folder: the exporter's container mounts",
  ],
  [
    'an image from elsewhere',
    CLUSTER,
    `${CLUSTER} registries: [registry.example/jiangxi],`,
    'telemetry.image: the cluster nc-a takes images from registry.example/jiangxi alone',
  ],
])('%s is refused', (_, from, to, says) => {
  expect(found(all([from, to]))).toEqual([expect.stringContaining(says)]);
});

const kueue = (source: string) =>
  `kueue: { enabled: true, metrics: { source: { protocol: exposition, url: 'https://metrics.kueue-system.svc:8443/metrics'${source} } } },`;
const TOKEN = ', auth: { bearer_file: /var/run/secrets/kubernetes.io/serviceaccount/token }';
const CA = ', tls: { ca_file: /etc/greenflops/secrets/kueue-ca }';

test("Kueue's metrics: out to its namespace, by the pod's own token, and its authority among the Secrets", () => {
  const change = all([CLUSTER, `${CLUSTER} ${kueue(TOKEN + CA)}`]);
  expect(found(change)).toEqual([]);
  expect(egress(change).spec?.egress).toContainEqual({
    to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kueue-system' } } }],
    ports: [{ protocol: 'TCP' }],
  });
  const { volumes } = podOf(change);
  expect(volumes.map(({ name }) => name)).toEqual(['plan', 'web', 'secrets', 'account', 'ledger', 'tmp']);
});

test.each([
  ['without a token', CA, 'Kueue shows its metrics to accounts with that right alone'],
  ['without an authority', TOKEN, 'let cert-manager issue it'],
  ['by another file of the account', TOKEN.replace('/token', '/tokens') + CA, 'write /etc/greenflops/secrets/NAME'],
])("Kueue's metrics %s are refused", (_, source, says) => {
  expect(found(all([CLUSTER, `${CLUSTER} ${kueue(source)}`]))).toEqual([expect.stringContaining(says)]);
});

test("Kueue's metrics of another cluster want a token of that cluster", () => {
  const other = `\n  - { id: nc-b, site: nanchang, context: nc-b, jurisdiction: jiangxi, data_classes: [general], ${kueue(TOKEN + CA)} }\n\npools:`;
  expect(found(all(['\n\npools:', other]))).toEqual([
    expect.stringContaining(
      'clusters.2.kueue.metrics.source: the exporter runs in the cluster nc-a, whose token is none here',
    ),
  ]);
  expect(
    found(all(['\n\npools:', other.replace(TOKEN, TOKEN.replace(/\/var.*token/, '/etc/greenflops/secrets/nc-b'))])),
  ).toEqual([]);
});

test('a look-alike of a registry is no registry', () => {
  const image = (name: string) =>
    found(all([CLUSTER, `${CLUSTER} registries: [registry.example/jiangxi],`], ['"greenflops/exporter@', `"${name}@`]));
  expect(image('registry.example/jiangxi/greenflops')).toEqual([]);
  expect(image('registry.example/jiangxi-evil/greenflops')).toHaveLength(1);
  expect(image('registry.example/jiangxi.evil/greenflops')).toHaveLength(1);
});

test('the Secrets to bring: what the sources name, and certificates where TLS is served', () => {
  const needed = (change: (estate: string) => string) => {
    const { dir, remove } = planFolder(change(shipped));
    try {
      const [host] = clusters(loadPlan(dir), () => ({}));
      return host && neededSecrets(host).map(({ name, keys }) => [name, ...keys].join(' '));
    } finally {
      remove();
    }
  };
  expect(needed((estate) => estate)).toEqual(['greenflops-web web-config.yml', 'greenflops-scrape username password']);
  expect(needed(all(snmp, ['telemetry: { image', 'telemetry: { tls: true, image']))).toEqual([
    'greenflops-web web-config.yml tls.crt tls.key',
    'greenflops-scrape username password ca.crt',
    'greenflops-sources more',
  ]);
});
