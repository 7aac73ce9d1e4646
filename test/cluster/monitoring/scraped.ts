import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'yaml';
import type { RecordingRule } from '../../../alerts/alert.ts';
import { ledgerFamilies } from '../../../model/metrics/index.ts';
import { startPrometheus } from '../../peers/prometheus.ts';
import { shown } from '../evidence.ts';
import { energyOf, meters, root, until, type Scene } from './scene.ts';
import { jobOf, POD } from './stored-monitor.ts';

interface Rules {
  readonly groups: readonly { readonly rules: readonly RecordingRule[] }[];
}
const ledger = new Set(ledgerFamilies.map(({ name }) => name));
const ours = '{__name__=~".+", service="greenflops-exporter"}';

export async function scraped(scene: Scene): Promise<void> {
  const { stage, ports } = scene;
  const rule = await stage.accepted(['get', 'prometheusrule', 'greenflops', '-n', 'greenflops', '-o', 'json']);
  const { spec } = JSON.parse(rule) as { spec: Rules };
  const built = parse(readFileSync(join(root, 'alerts/generated/greenflops-rules.yaml'), 'utf8')) as Rules;
  assert.deepEqual(spec.groups, built.groups);
  await scene.promtool(['check', 'rules', '--lint=all'], 'stored-rules.yaml', JSON.stringify(spec));

  const instances = ports.slice(0, 2).map((port) => `127.0.0.1:${port}`);
  const prometheus = (scene.prometheus = await startPrometheus(
    [await jobOf(stage, instances)],
    spec.groups.flatMap(({ rules }) => rules),
  ));
  const energy = () => prometheus.query('greenflops_energy_joules_total');
  await until('Prometheus scrapes both meters', energy, ({ length }) => length === meters.length);
  await until(
    'a rule is evaluated',
    () => prometheus.query('site:greenflops_meters_well:min'),
    ({ length }) => length > 0,
  );
  let [kept, cleared] = [0, 0];
  const names = new Set<string>();
  for (const { labels } of await prometheus.query(ours)) {
    const { __name__: name = '', pod, instance } = labels;
    if (instance === instances[1]) continue; // not started yet: Prometheus' own series of the target
    names.add(name);
    const seen = { pod, instance };
    if (ledger.has(name)) assert.deepEqual(seen, { pod: undefined, instance: undefined }, name);
    else assert.deepEqual(seen, { pod: POD, instance: instances[0] }, name);
    if (ledger.has(name)) cleared += 1;
    else kept += 1;
  }
  console.log(`  pod and instance cleared on ${cleared} series of the ledger, kept on ${kept} of the process`);
  assert.ok(cleared > 20, 'the ledger is scraped');
  for (const name of ['greenflops_ledger_up', 'greenflops_build_info', 'process_resident_memory_bytes', 'up'])
    assert.ok(names.has(name), `${name} is scraped`);
  shown('PrometheusRule', 'behaves', 'monitoring: promtool takes it, a real Prometheus evaluates it');
  shown('Service', 'behaves', 'monitoring: the ServiceMonitor finds it and its port');
}

/** As Prometheus saw it: one series across both processes, which never fell; of the process itself two. */
export async function oneSeries({ prometheus, ports, before }: Scene): Promise<void> {
  assert.ok(prometheus, 'Prometheus runs');
  const instances = ports.slice(0, 2).map((port) => `127.0.0.1:${port}`);
  await until(
    'Prometheus scrapes the second process',
    () => prometheus.query(`greenflops_ledger_up{instance="${instances[1]}"} == 1`),
    ({ length }) => length === 1,
  );
  await setTimeout(3000); // three scrapes more
  const to = Date.now();
  const own = await prometheus.samples('greenflops_ledger_up', to - 600_000, to);
  assert.deepEqual(new Set(own.map(({ labels }) => labels['instance'])), new Set(instances));
  const series = await prometheus.samples('greenflops_energy_joules_total', to - 600_000, to);
  assert.equal(series.length, meters.length, JSON.stringify(series.map(({ labels }) => labels)));
  for (const { labels, points } of series) {
    const values = points.map(([, value]) => Number(value));
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
      `${labels['meter']} never falls`,
    );
    const stopped = energyOf(before, `meter="${labels['meter']}"`);
    const [first = Infinity, last = 0] = [values[0], values.at(-1)];
    assert.ok(first <= stopped && last > stopped, 'the series has samples of both processes');
  }
  shown('ServiceMonitor', 'behaves', 'monitoring: a real Prometheus scrapes by it; totals stay one series');
}
