import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { ruleGroups } from '../../../alerts/rule-groups.ts';
import { loadPlan } from '../../../model/load.ts';
import { startTwin } from '../../../twin/twin.ts';
import { freePort, startExporter, type ExporterProcess } from '../../exporter-process.ts';
import type { Check } from '../../tally.ts';
import { importPastOf, onFreePorts } from '../../twin-scene.ts';
import { end } from '../end.ts';
import { startPrometheus, type Prometheus } from '../prometheus.ts';
import type { Stage } from '../stage.ts';
import { sortedLabels, startVictoriaMetrics, type VictoriaMetrics } from './victoria-metrics.ts';

const PATIENCE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

interface Scene {
  readonly sites: readonly {
    readonly id: string;
    readonly exporter: ExporterProcess;
    readonly prometheus: Prometheus;
  }[];
  readonly province: ExporterProcess;
  readonly victoria: VictoriaMetrics;
}

/** A program that ends with the stage, also where the test dies. */
function ending(stage: Stage, exporter: ExporterProcess): ExporterProcess {
  const kill = () => exporter.child.kill('SIGKILL');
  process.on('exit', kill);
  stage.ends.defer(async () => {
    process.off('exit', kill);
    await end(exporter.child);
  });
  return exporter;
}

/** Each site has an exporter and a Prometheus of its own; the province reads both, and a VictoriaMetrics scrapes both exporters. */
async function open(stage: Stage): Promise<Scene> {
  const shipped = readFileSync(new URL('../../../plan/estate.yaml', import.meta.url), 'utf8');
  const estate = parse(await onFreePorts(shipped)) as { sites: { id: string }[]; pools: object[] };
  const folder = stage.plan(stringify(estate, { aliasDuplicateObjects: false }));
  const plan = loadPlan(folder);
  const twin = await startTwin({ plan: folder, control: `127.0.0.1:${await freePort()}` });
  stage.ends.defer(() => twin.close());
  const sites: Scene['sites'][number][] = [];
  for (const { id } of estate.sites) {
    const ledger = join(stage.folder(), `${id}.db`);
    importPastOf(twin, plan, ledger, Date.now() - 40 * DAY_MS, Date.now());
    const exporter = ending(stage, await startExporter(folder, `sqlite:${ledger}`, { args: ['--site', id] }));
    const prometheus = await startPrometheus([{ job: 'greenflops', targets: [new URL(exporter.url).host] }]);
    stage.ends.defer(() => prometheus.stop());
    sites.push({ id, exporter, prometheus });
  }
  const rules = join(stage.folder(), 'rules.yaml');
  const [recording] = ruleGroups(plan);
  writeFileSync(rules, stringify({ groups: [{ ...recording, interval: '1s' }] }, { aliasDuplicateObjects: false }));
  const targets = sites.map(({ exporter }) => new URL(exporter.url).host);
  const victoria = await startVictoriaMetrics(stage, targets, rules);

  const remote = estate.sites.map((site, i) => ({
    ...site,
    prometheus: { url: sites[i]?.prometheus.url, every: '1s', timeout: '1s' },
  }));
  const own = stage.plan(stringify({ ...estate, sites: remote }, { aliasDuplicateObjects: false }));
  const store = `sqlite:${join(stage.folder(), 'province.db')}`;
  const province = ending(stage, await startExporter(own, store, { args: ['--province'] }));
  return { sites, province, victoria };
}

const labelsOf = (series: string): Record<string, string> =>
  Object.fromEntries([...series.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', value = '']) => [label, value]));

/** Values of one metric, by its labels as JSON in the order of their names. */
const rowsOf = (metrics: ReadonlyMap<string, number>, name: string): Map<string, number> =>
  new Map(
    [...metrics]
      .filter(([series]) => series.startsWith(`${name}{`))
      .map(([series, value]) => [JSON.stringify(Object.fromEntries(sortedLabels(labelsOf(series)))), value]),
  );

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await holds()); await sleep(300))
    assert.ok(Date.now() < deadline, `${what}: not within ${PATIENCE_MS} ms`);
}

/** Numerators and denominators of the sites, added by hand. */
async function sumsOfSites({ sites }: Scene): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const { exporter } of sites) {
    for (const [key, joules] of rowsOf(await exporter.metrics(), 'greenflops_pue_energy_joules')) {
      const { window, side } = JSON.parse(key) as Record<string, string>;
      sums.set(`${window} ${side}`, (sums.get(`${window} ${side}`) ?? 0) + joules);
    }
  }
  return sums;
}

/** What is wrong with the province's ratios now; nothing where each is its sites' sums divided. */
async function wrongRatios(scene: Scene, ratios: Promise<ReadonlyMap<string, number>>): Promise<string[]> {
  const sums = await sumsOfSites(scene);
  const found = [...(await ratios)].map(([key, ratio]) => {
    const { window } = JSON.parse(key) as { window: string };
    const wanted = (sums.get(`${window} facility`) ?? Number.NaN) / (sums.get(`${window} it`) ?? Number.NaN);
    return Math.abs(ratio - wanted) < 1e-9 ? [] : [`${window}: ${ratio} is not ${wanted}`];
  });
  return found.length === 5 ? found.flat() : [`${found.length} windows`];
}

/** A site may be heard before the other one, and its windows may still be counted: in the end they agree. */
async function agree(what: string, wrong: () => Promise<string[]>): Promise<void> {
  let last: string[] = [];
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(500)) {
    last = await wrong();
    if (last.length === 0) return;
  }
  assert.fail(`${what}: not within ${PATIENCE_MS} ms: ${last.join('; ')}`);
}

const ratios = (scene: Scene): Promise<void> =>
  agree("the province's PUE", () =>
    wrongRatios(
      scene,
      scene.province.metrics().then((metrics) => rowsOf(metrics, 'greenflops_province_pue_ratio')),
    ),
  );

/** Pools, tenants and cards are there as the sites say, each once, and no total steps back. */
async function totals({ sites, province }: Scene): Promise<void> {
  const name = 'greenflops_compute_pflop_seconds_total';
  let before = new Map<string, number>();
  for (let i = 0; i < 5; i++, await sleep(1100)) {
    const now = rowsOf(await province.metrics(), name);
    for (const [key, value] of before) assert.ok((now.get(key) ?? -1) >= value, `${key}: ${value} -> ${now.get(key)}`);
    before = now;
  }
  const there = new Map<string, number>();
  for (const { exporter } of sites) for (const row of rowsOf(await exporter.metrics(), name)) there.set(...row);
  assert.deepEqual([...before.keys()].toSorted(), [...there.keys()].toSorted());
  for (const [key, value] of before) assert.ok(value <= (there.get(key) ?? -1), `${key} is ahead of its site`);
  const metrics = await province.metrics();
  const coverage = rowsOf(metrics, 'greenflops_province_compute_coverage_ratio');
  assert.ok(coverage.size >= 5);
  for (const [key, share] of coverage) assert.ok(Math.abs(share - 1) < 1e-9, `${key}: ${share}`);
  for (const detail of ['meter=', 'device=']) {
    const shown = [...metrics.keys()].filter((series) => series.includes(detail) && !series.includes('_info{'));
    assert.deepEqual(shown, []);
  }
}

/** The rules as they ship, evaluated by vmalert over VictoriaMetrics, come to what the exporters say. */
async function inVictoriaMetrics(scene: Scene): Promise<void> {
  const rule = 'window:greenflops_province_pue:ratio';
  await agree(rule, () => wrongRatios(scene, scene.victoria.query(rule)));
  const steps = 'site_precision_step_tier:greenflops_compute_pflops:sum{step="nominal"}';
  const nominal = rowsOf(await scene.province.metrics(), 'greenflops_province_compute_pflops');
  const recorded = [...(await scene.victoria.query(steps)).values()].reduce((sum, value) => sum + value, 0);
  const published = [...nominal].find(([key]) => key.includes('"nominal"'))?.[1] ?? Number.NaN;
  assert.ok(Math.abs(recorded - published) < 1e-9, `${recorded} and ${published} PFlops nominal`);
  const delivered = 'site_tenant_action_precision_tier:greenflops_compute_pflops:rate5m';
  await until(`${delivered} in VictoriaMetrics`, async () => (await scene.victoria.query(delivered)).size > 0);
}

/** A Prometheus that is gone is a silent source with its reason; what the other site says goes on. */
async function oneGone({ sites, province }: Scene): Promise<void> {
  const [first, second] = sites;
  assert.ok(first && second);
  await first.prometheus.stop();
  const up = async (site: string) =>
    [...rowsOf(await province.metrics(), 'greenflops_source_up')].find(([key]) => key.includes(`"${site}"`))?.[1];
  await until(`${first.id} is down`, async () => (await up(first.id)) === 0);
  assert.equal(await up(second.id), 1);
  // Its totals stand still, and do not vanish.
  const name = 'greenflops_compute_pflop_seconds_total';
  const kept = [...rowsOf(await province.metrics(), name).keys()].filter((key) => key.includes(`"site":"${first.id}"`));
  assert.ok(kept.length > 0);
}

export function provinceChecks(stage: Stage): Check[] {
  let opened: Promise<Scene> | undefined;
  const scene = () => (opened ??= open(stage));
  const on = (show: (scene: Scene) => Promise<void>) => async () => show(await scene());
  return [
    ['two sites with a Prometheus each, a province over them, and a VictoriaMetrics', scene],
    ["the province's PUE is the sums of its sites' numerators and denominators, divided", on(ratios)],
    ["the province has its sites' totals, each once; none steps back; no series of a meter or device", on(totals)],
    ['the rules as they ship come to the same in VictoriaMetrics', on(inVictoriaMetrics)],
    ['a Prometheus that is gone takes along nothing of the other site', on(oneGone)],
  ];
}
