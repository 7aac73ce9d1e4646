import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { Exporter } from '../../exporter/exporter.ts';
import type { Snapshot } from '../../exporter/publish/snapshot.ts';
import { loadPlan } from '../../model/load.ts';
import { computePflops, computePflopSeconds, devices } from '../../model/metrics/compute.ts';
import { sourceUp } from '../../model/metrics/source.ts';
import type { Metric } from '../../model/metrics/metric.ts';
import { estate } from '../peers/estate.ts';
import { planFolder } from '../plan-folder.ts';

/** Three Hygon K100 of one node, whose exporter does not say who holds them: 80 %, 40 % and idle. */
const dcu = [80, 40, 0]
  .map((busy, i) => {
    const labels = `device_id="T${i}",minor_number="${i}",name="K100",node="dcu-1",pcieBus_number="0000:0${i}:00.0"`;
    return `dcu_utilizationrate{${labels}} ${busy}\ndcu_power_usage{${labels}} 100\n`;
  })
  .join('');
const requests = (namespace: string, pod: string, chips: number) =>
  `kube_pod_container_resource_requests{namespace="${namespace}",pod="${pod}",container="main",node="dcu-1",resource="hygon_com_dcu",unit="integer"} ${chips}\n`;

const folder = planFolder('');
afterAll(() => folder.remove());
const path = (name: string) => join(folder.dir, name);
const source = (name: string) => ({ protocol: 'exposition', url: pathToFileURL(path(name)).href });

const written = JSON.parse(estate(['s'], [], [])) as { clusters: object[]; pools: object[] };
writeFileSync(
  path('estate.yaml'),
  JSON.stringify({
    ...written,
    clusters: written.clusters.map((cluster) => ({
      ...cluster,
      allocation: { family: 'kube-state-metrics', every: '15s', source: source('ksm.prom') },
    })),
    pools: [
      {
        id: 'k100',
        cluster: 's-k',
        accelerator: 'hygon-k100',
        count: 4,
        nodes: { names: ['dcu-1'] },
        telemetry: { family: 'dcu-exporter', every: '15s', source: source('dcu.prom') },
      },
    ],
  }),
);

test('who holds cards whose exporter does not say so is read from the cluster: allocated, work and tenant', async () => {
  // Nobody's cards yet: of two sources read at once either may be the first, and work before it is nobody's.
  writeFileSync(path('dcu.prom'), dcu.replaceAll('dcu_utilizationrate', 'dcu_temp'));
  writeFileSync(path('ksm.prom'), requests('red-train', 'a', 1) + requests('blue', 'b', 1));
  const time = { now: Date.UTC(2026, 10, 30) };
  let snapshot: Snapshot | undefined;
  const exporter = new Exporter({
    plan: loadPlan(folder.dir),
    sites: ['s'],
    ledger: path('ledger.db'),
    version: 'test',
    clock: { wall: () => time.now, mono: () => time.now },
    patienceMs: 10_000,
    publish: (made) => void (snapshot = made),
  });
  const beats = async (count: number) => {
    for (let i = 0; i < count; i++, time.now += 15_000) await exporter.beat();
  };
  const shown = (metric: Metric, ...labels: string[]) =>
    Object.fromEntries(
      (snapshot?.series(metric) ?? []).map((row) => {
        const value = typeof row.value === 'number' ? row.value : Number(row.value.units) / 10 ** row.value.digits;
        return [labels.map((label) => row.labels[label]).join(' '), value];
      }),
    );

  await beats(1);
  writeFileSync(path('dcu.prom'), dcu);
  await beats(3);
  expect(shown(sourceUp, 'source')).toEqual({ k100: 1, 's-k/allocation': 1 });
  expect(shown(devices, 'state')).toEqual({ racked: 3, healthy: 3, allocated: 2, busy: 2 });
  // Busy time of the two that are held: (0.8 + 0.4) x 100 TFLOPS, an upper bound.
  expect(shown(computePflops, 'step', 'tier')['delivered T4']).toBeCloseTo(0.12, 9);
  const work = shown(computePflopSeconds, 'tenant', 'tier');
  // One chip each of a node whose cards are not told apart: the work is shared by chips. 0.12 PFlops over 30 s.
  expect((work['red T4'] ?? 0) + (work['blue T4'] ?? 0)).toBeCloseTo(3.6, 6);
  expect(work['red T4']).toBeCloseTo(work['blue T4'] ?? 0, 6);

  // Silent for more than five minutes: nobody is known to hold anything, and the work is nobody's.
  writeFileSync(path('ksm.prom'), 'garbage\n');
  await beats(25);
  expect(shown(sourceUp, 'source')).toMatchObject({ k100: 1, 's-k/allocation': 0 });
  expect(shown(devices, 'state')).toMatchObject({ racked: 3, allocated: 0 });
  const before = shown(computePflopSeconds, 'tenant', 'tier');
  await beats(2);
  const after = shown(computePflopSeconds, 'tenant', 'tier');
  expect(after['red T4']).toBe(before['red T4']);
  expect(after['unassigned T4']).toBeGreaterThan(before['unassigned T4'] ?? 0);
  await exporter.stop();
});
