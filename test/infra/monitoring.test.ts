import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ConfigMap } from '../../infra/kubernetes.ts';
import { configMap } from '../../infra/telemetry/config-map.ts';
import { catalogue, ledgerFamilies } from '../../model/metrics/index.ts';
import { objectsOf, replaced, stacksOf, synthesised } from './estates.ts';

const CLUSTER = 'context: nc-a,';
const stacks = (monitoring: string, change = (estate: string) => estate) =>
  stacksOf((estate) => change(replaced(CLUSTER, `${CLUSTER} monitoring: ${monitoring},`)(estate)));
const operated = stacks('{ operator: true, sidecar: true, namespace: watch }');
const telemetry = objectsOf(operated, 'nc-a-telemetry');

test('the families of the ledger are all but what a process says of itself', () => {
  const names = new Set(ledgerFamilies.map(({ name }) => name));
  const own = catalogue.map(({ name }) => name).filter((name) => !names.has(name));
  expect(own).toEqual([
    'greenflops_build_info',
    'greenflops_ledger_up',
    'greenflops_ledger_last_commit_timestamp_seconds',
    'greenflops_clock_jumps_total',
    'greenflops_dropped_series',
    'greenflops_dropped_family_series',
    'greenflops_reload_success',
    'greenflops_reload_timestamp_seconds',
    'greenflops_insecure_bind',
  ]);
});

test('with the operator: how to scrape, by a Secret that is named, and the rules as they were built', () => {
  const monitor = telemetry.get('ServiceMonitor greenflops/greenflops-exporter');
  expect(monitor).toMatchObject({
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': 'greenflops-exporter' } },
      endpoints: [
        {
          port: 'http',
          scheme: 'http',
          honorLabels: false,
          basicAuth: {
            username: { name: 'greenflops-scrape', key: 'username' },
            password: { name: 'greenflops-scrape', key: 'password' },
          },
          metricRelabelings: ['pod', 'instance'].map((targetLabel) => ({
            sourceLabels: ['__name__'],
            regex: ledgerFamilies.map(({ name }) => name).join('|'),
            targetLabel,
            replacement: '',
          })),
        },
      ],
    },
  });
  expect(telemetry.get('Service greenflops/greenflops-exporter')).toMatchObject({
    metadata: { labels: { 'app.kubernetes.io/name': 'greenflops-exporter' } },
    spec: { ports: [{ name: 'http' }] },
  });
  const { groups } = parse(readFileSync('alerts/generated/greenflops-rules.yaml', 'utf8')) as { groups: unknown };
  expect(telemetry.get('PrometheusRule greenflops/greenflops')).toMatchObject({
    metadata: { labels: { prometheus: 'k8s', role: 'alert-rules', 'app.kubernetes.io/managed-by': 'greenflops' } },
    spec: { groups },
  });
  expect(telemetry.has('ConfigMap greenflops/greenflops-prometheus')).toBe(false);
  expect(telemetry.get('NetworkPolicy greenflops/from-monitoring')).toHaveProperty('spec.ingress.0.from', [
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'watch' } } },
  ]);
});

test("with the sidecar: every board in every language, and Terraform's templates are escaped", () => {
  const boards = [...telemetry].filter(([, { metadata }]) => metadata.labels['grafana_dashboard'] === '1');
  expect(boards.map(([key]) => key)).toEqual(
    ['zh', 'en'].flatMap((language) =>
      ['compute', 'energy', 'plan'].map((name) => `ConfigMap greenflops/greenflops-${name}-${language}`),
    ),
  );
  for (const [, board] of boards) {
    const [, name = '', language = ''] = /^(.*)-(zh|en)$/.exec(board.metadata.name) ?? [];
    const text = readFileSync(`dashboards/generated/${language}/${name}.json`, 'utf8');
    expect(Object.entries((board as ConfigMap).data)).toEqual([[`${name}-${language}.json`, text]]);
  }
  const terraform = synthesised(operated).get('nc-a-telemetry') ?? '';
  expect(terraform).toContain('$${datasource}');
  expect(terraform).not.toMatch(/(?<!\$)\$\{datasource\}/);
});

test('without them: one ConfigMap that says of the exporter what the ServiceMonitor says', () => {
  const plain = objectsOf(stacks('{}'), 'nc-a-telemetry');
  const kinds = new Set([...plain.values()].map(({ kind }) => kind));
  expect(kinds).not.toContain('ServiceMonitor');
  expect(kinds).not.toContain('PrometheusRule');
  const { data } = plain.get('ConfigMap greenflops/greenflops-prometheus') as ConfigMap;
  expect(data['greenflops-rules.yaml']).toBe(readFileSync('alerts/generated/greenflops-rules.yaml', 'utf8'));
  expect(parse(data['greenflops-scrape.yaml'] ?? '')).toMatchObject({
    scrape_configs: [
      {
        job_name: 'greenflops-exporter',
        basic_auth: { username_file: '/etc/prometheus/secrets/greenflops-scrape/username' },
        static_configs: [{ targets: ['greenflops-exporter.greenflops.svc:9960'] }],
        metric_relabel_configs: ['pod', 'instance'].map((target_label) => ({ target_label, replacement: '' })),
      },
    ],
  });
});

test('with TLS probes and scrapes speak HTTPS, and Prometheus knows whom it asks', () => {
  const tls = (monitoring: string) =>
    objectsOf(stacks(monitoring, replaced('telemetry: { image', 'telemetry: { tls: true, image')), 'nc-a-telemetry');
  const operator = tls('{ operator: true }');
  const [container] =
    (
      operator.get('StatefulSet greenflops/greenflops-exporter') as {
        spec?: { template: { spec: { containers: unknown[] } } };
      }
    ).spec?.template.spec.containers ?? [];
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
    expect(container).toHaveProperty(`${probe}.httpGet.scheme`, 'HTTPS');
  expect(operator.get('ServiceMonitor greenflops/greenflops-exporter')).toHaveProperty(
    'spec.endpoints.0',
    expect.objectContaining({
      scheme: 'https',
      tlsConfig: {
        ca: { secret: { name: 'greenflops-scrape', key: 'ca.crt' } },
        serverName: 'greenflops-exporter.greenflops.svc',
      },
    }),
  );
  const { data } = tls('{}').get('ConfigMap greenflops/greenflops-prometheus') as ConfigMap;
  expect(data['greenflops-scrape.yaml']).toContain('ca_file: /etc/prometheus/secrets/greenflops-scrape/ca.crt');
});

test('a ConfigMap that no API server takes is refused with its size', () => {
  const metadata = { name: 'greenflops-exporter-plan', labels: {} };
  const MIB = 1024 * 1024;
  expect(configMap(metadata, { a: 'x'.repeat(MIB) })).toMatchObject({ kind: 'ConfigMap' });
  expect(() => configMap(metadata, { 'estate.yaml': '电'.repeat(MIB / 2), b: '' })).toThrow(
    /^the ConfigMap greenflops-exporter-plan holds 1536\.0 KiB, and an API server takes 1024\.0 KiB \(estate\.yaml 1536\.0 KiB, b 0\.0 KiB\)/,
  );
});
