import assert from 'node:assert/strict';
import type { Job } from '../../peers/prometheus.ts';
import type { Stage } from '../stage.ts';

interface SecretKey {
  readonly name: string;
  readonly key: string;
}
interface Relabeling {
  readonly sourceLabels: readonly string[];
  readonly regex: string;
  readonly action: string;
  readonly targetLabel: string;
  readonly replacement?: string;
}
/** The fields of a ServiceMonitor that are translated here; another one fails the test. */
interface Monitor {
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly endpoints: readonly [
      {
        readonly port: string;
        readonly path: string;
        readonly scheme: string;
        readonly interval: string;
        readonly scrapeTimeout: string;
        readonly honorLabels: boolean;
        readonly basicAuth: { readonly username: SecretKey; readonly password: SecretKey };
        readonly metricRelabelings: readonly Relabeling[];
      },
    ];
  };
}

/** What the operator writes on every series of a target (its generateServiceMonitorConfig); not that of this machine. */
export const POD = 'greenflops-exporter-0';

/**
 * The scrape job that the Prometheus operator makes of the stored ServiceMonitor, field by field, with the Service and
 * the Secret that it names looked up in the API. The targets are given, the interval is this test's.
 */
export async function jobOf(stage: Stage, targets: readonly string[]): Promise<Job> {
  const get = async <T>(...what: string[]) => JSON.parse(await stage.accepted(['get', ...what, '-o', 'json'])) as T;
  const { metadata, spec } = await get<Monitor>('servicemonitor', 'greenflops-exporter', '-n', 'greenflops');
  const { namespace } = metadata;
  const selector = Object.entries(spec.selector.matchLabels).map((pair) => pair.join('='));
  const services = await get<{ items: { metadata: { name: string }; spec: { ports: { name: string }[] } }[] }>(
    'service',
    '-n',
    namespace,
    '-l',
    selector.join(','),
  );
  const [service, ...others] = services.items;
  assert.ok(service && others.length === 0, 'the ServiceMonitor selects one Service');
  const [{ port, path, scheme, interval, scrapeTimeout, honorLabels, basicAuth, metricRelabelings, ...rest }] =
    spec.endpoints;
  assert.deepEqual(rest, {}, 'fields that are not translated');
  assert.deepEqual(
    service.spec.ports.map(({ name }) => name),
    [port],
  );
  assert.deepEqual([interval, scrapeTimeout], ['15s', '10s']);
  const secret = async ({ name, key }: SecretKey) => {
    const { data } = await get<{ data: Record<string, string> }>('secret', name, '-n', namespace);
    return Buffer.from(data[key] ?? '', 'base64').toString();
  };
  const labels = { namespace, service: service.metadata.name, pod: POD, container: 'exporter', endpoint: port };
  const job = {
    job: service.metadata.name,
    targets,
    metrics_path: path,
    scheme,
    honor_labels: honorLabels,
    basic_auth: { username: await secret(basicAuth.username), password: await secret(basicAuth.password) },
    relabel_configs: Object.entries(labels).map(([target_label, replacement]) => ({ target_label, replacement })),
    metric_relabel_configs: metricRelabelings.map(({ sourceLabels, regex, action, targetLabel, replacement }) => ({
      source_labels: sourceLabels,
      regex,
      action,
      target_label: targetLabel,
      ...(replacement !== undefined && { replacement }),
    })),
  };
  return job;
}
