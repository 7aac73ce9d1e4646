import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Accountant } from '../../exporter/account/ledger/accountant.ts';
import { Ledger } from '../../exporter/account/ledger/ledger.ts';
import { MeterSource } from '../../exporter/meter-source.ts';
import { meterCrossCheckRatio } from '../../model/metrics/energy.ts';
import { rational } from '../../model/rational.ts';
import { meterOf } from './judge/life.ts';

const NOW = 1_790_000_000_000;
let folder: string;
let ledger: Ledger;
let accountant: Accountant;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
  ledger = new Ledger(join(folder, 'ledger.db'));
  accountant = new Accountant(ledger, 'p', new Map([['s', { facility: [], it: [] }]]));
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

/** One answer each 15 s; returns the reasons of the last one. */
function answer(source: MeterSource, index: number, level: bigint, watts = 60_000n): string[] {
  const raw = (value: bigint) => ({ value: rational(value), wire: `${value}` });
  const now = { at: NOW + index * 15_000, mono: index * 15_000 };
  return [...source.answered({ energy: raw(level), power: raw(watts) }, now)].map(([reason]) => reason);
}

const registers = {
  energy: { metric: 'e', scale_to_wh: 1, modulus: 'none' },
  power: { metric: 'p', scale_to_w: 1 },
};

test('a zero that lasts a day is a hundred rows, not thousands, and no reading is missing', () => {
  const source = new MeterSource(meterOf(registers), accountant);
  for (let index = 0; index < 3; index++) answer(source, index, 1_000_000n + 250n * BigInt(index));
  for (let index = 3; index < 5763; index++) expect(answer(source, index, 0n)).toContain('counter_fell');
  source.flush({ at: NOW + 86_500_000, mono: 86_500_000 });
  accountant.commit();
  const rows = ledger.database.prepare("SELECT detail, wire FROM event WHERE kind = 'held' ORDER BY id").all();
  expect(rows).toHaveLength(97);
  const details = rows.map(({ detail }) => JSON.parse(String(detail)) as { repeated?: number });
  expect(details.reduce((sum, { repeated = 0 }) => sum + 1 + repeated, 0)).toBe(5760);
  expect(rows.every(({ wire }) => wire === '0')).toBe(true);
});

test('the ratio of register and integrated power is shown once an hour of both has been read, while the meter answers', () => {
  const source = new MeterSource(meterOf(registers), accountant);
  const shown = (mono: number): unknown[] => {
    const values: unknown[] = [];
    source.emit((metric, labels, value) => {
      if (metric === meterCrossCheckRatio) values.push([labels, value]);
    }, mono);
    return values;
  };
  for (let index = 0; index < 240; index++) answer(source, index, 250n * BigInt(index) + 10n);
  expect(shown(240 * 15_000)).toEqual([]);
  for (let index = 240; index < 243; index++) answer(source, index, 250n * BigInt(index) + 10n);
  expect(shown(243 * 15_000)).toEqual([[{ site: 's', meter: 'm' }, 1]]);
  expect(shown(243 * 15_000 + 600_000)).toEqual([]);
});
