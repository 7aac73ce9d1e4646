import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { Exporter } from '../../../exporter/exporter.ts';
import type { Snapshot } from '../../../exporter/publish/snapshot.ts';
import { loadPlan } from '../../../model/load.ts';
import * as carbon from '../../../model/metrics/carbon.ts';
import type { Metric } from '../../../model/metrics/metric.ts';
import { planFolder } from '../../plan-folder.ts';

const MIDNIGHT = Date.parse('2026-11-24T00:00:00+08:00');
const EVERY = HOUR / 6;

const declared = (dir: string): string => `schema: greenflops/v1
sites: [{ id: s, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 1000 }]
meters:${[
  ['gate', 'facility'],
  ['load', 'it'],
]
  .map(
    ([id, role]) => `
  - id: ${id}
    site: s
    role: ${role}
    rated_kw: 1000
    every: 10m
    source: { protocol: exposition, url: "file://${join(dir, `${id}.prom`)}", timeout: 1s }
    registers: { energy: { metric: energy_wh, scale_to_wh: 1, modulus: none } }`,
  )
  .join('')}
certificates:
  - { id: gec, serial: X-1, site: s, from: 2026-11-24T12:00:00+08:00, to: 2026-12-01T00:00:00+08:00, mwh: 1 }
`;

test('from registers to emissions by both bases, over a restart: 100 kWh/h at 0.5752 kg/kWh, 1 MWh certified from noon on', async () => {
  const { dir, remove } = planFolder('');
  writeFileSync(join(dir, 'estate.yaml'), declared(dir));
  const time = { wall: MIDNIGHT, mono: 5000 };
  const snapshots: Snapshot[] = [];
  const open = (): Exporter =>
    new Exporter({
      plan: loadPlan(dir),
      sites: ['s'],
      ledger: join(dir, 'ledger.db'),
      version: 'test',
      clock: { wall: () => time.wall, mono: () => time.mono },
      publish: (snapshot) => snapshots.splice(0, 1, snapshot),
    });
  let exporter = open();
  try {
    for (let i = 0; i <= 24 * 6; i++) {
      for (const [id, kilowatts] of [
        ['gate', 100],
        ['load', 80],
      ] as const) {
        const wattHours = 5_000_000 + Math.round((i / 6) * kilowatts * 1000);
        writeFileSync(join(dir, `${id}.prom`), `energy_wh ${wattHours}\n`);
      }
      await exporter.beat();
      if (i === 15 * 6 + 3) {
        await exporter.stop();
        exporter = open();
      }
      time.wall += EVERY;
      time.mono += EVERY;
    }
    const value = (metric: Metric, labels: Record<string, string> = {}): number | undefined => {
      const found = snapshots[0]
        ?.series(metric)
        .find((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text))?.value;
      return typeof found === 'object' ? Number(found.units) / 10 ** found.digits : found;
    };
    const [location, market] = [{ basis: 'location' }, { basis: 'market' }];
    // 2,400 kWh x 0.5752; 1,000 kWh fewer by market.
    expect(value(carbon.carbonKilograms, location)).toBeCloseTo(1380.48, 1);
    expect(value(carbon.carbonKilograms, market)).toBeCloseTo(805.28, 1);
    expect(value(carbon.carbonWindowKilograms, { window: '24h', ...location })).toBeCloseTo(1380.48, 1);
    expect(value(carbon.carbonWindowKilograms, { window: '24h', ...market })).toBeCloseTo(805.28, 1);
    expect(value(carbon.refRatio, { window: '24h' })).toBeCloseTo(1000 / 2400, 3);
    // 0.5752 x PUE 1.25
    expect(value(carbon.cueKilogramsPerKwh, { window: '24h' })).toBeCloseTo(0.719, 3);
    expect(value(carbon.certificateUsedJoules)).toBe(3.6e9);
    expect(value(carbon.carbonUnavailable, { window: '30d', reason: 'young' })).toBe(1);
  } finally {
    await exporter.stop();
    remove();
  }
});
