import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Exporter } from '../../exporter/exporter.ts';
import type { Snapshot } from '../../exporter/publish/snapshot.ts';
import { loadPlan } from '../../model/load.ts';
import { pueEnergyJoules, pueRatio } from '../../model/metrics/pue.ts';
import { planFolder } from '../plan-folder.ts';

const START = Date.parse('2026-11-24T10:00:00+08:00');
const MINUTE = 60_000;

test('the published PUE is the ratio of sums, not the mean of the ratios', async () => {
  const { dir, remove } = planFolder('');
  const meter = (id: string, role: string): string => `
  - { id: ${id}, site: s, role: ${role}, rated_kw: 1000, every: 1m, source: { protocol: exposition, url: "file://${join(dir, id)}" }, registers: { energy: { metric: energy_wh, scale_to_wh: 1, modulus: none } } }`;
  writeFileSync(
    join(dir, 'estate.yaml'),
    `schema: greenflops/v1
sites: [{ id: s, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 1000 }]
meters:${meter('gate', 'facility')}${meter('load', 'it')}
`,
  );
  const time = { now: START };
  let last: Snapshot | undefined;
  const clock = { wall: () => time.now, mono: () => time.now - START };
  const publish = (snapshot: Snapshot): void => void (last = snapshot);
  const exporter = new Exporter({
    plan: loadPlan(dir),
    sites: ['s'],
    ledger: join(dir, 'l.db'),
    version: '',
    clock,
    publish,
  });
  // Two hours: 100 / 50 kWh (2.0) and 110 / 100 kWh (1.1). Sums: 210 / 150 = 1.4. Mean of the ratios: 1.55.
  const used = (minutes: number, first: number, second: number): number =>
    1e6 + (Math.min(minutes, 60) / 60) * first + (Math.max(0, minutes - 60) / 60) * second;
  for (let minutes = 0; minutes <= 120; minutes++) {
    time.now = START + minutes * MINUTE;
    writeFileSync(join(dir, 'gate'), `energy_wh ${Math.floor(used(minutes, 100_000, 110_000))}\n`);
    writeFileSync(join(dir, 'load'), `energy_wh ${Math.floor(used(minutes, 50_000, 100_000))}\n`);
    await exporter.beat();
  }
  const year = last?.series(pueRatio).find(({ labels }) => labels['window'] === 'ytd');
  expect(Number(year?.value)).toBeCloseTo(1.4, 5);
  const parts = last?.series(pueEnergyJoules).filter(({ labels }) => labels['window'] === 'ytd');
  expect(parts?.map(({ labels, value }) => [labels['side'], typeof value === 'object' ? value.units : value])).toEqual([
    ['facility', 210_000n * 3_600_000n],
    ['it', 150_000n * 3_600_000n],
  ]);
  await exporter.stop();
  remove();
});
