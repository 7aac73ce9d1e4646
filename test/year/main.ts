// npm run test:year: the exporter lives through 2025 on a clock of the test's, two sites of devices with it; what it
// publishes at the ends of months, quarters and the year is compared with what the devices did, and the audit file of the
// year is recomputed by the second implementation. Every command of the CLI runs beside it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { overheadLeftJoules, pueForecastRatio } from '../../model/metrics/budget.ts';
import {
  provincePueRatio,
  provincePueSite,
  pueManualSeconds,
  pueRatio,
  pueUnavailable,
} from '../../model/metrics/pue.ts';
import { tally, type Check } from '../tally.ts';
import { Life, type Said } from './life.ts';
import { at, HOUR, JOINS, truth, type MeterId } from './plant.ts';

const DAY = 24 * HOUR;
const BEGIN = at('2024-12-31T22:00:00');
const YEAR = at('2025-01-01T00:00:00');
const END = at('2026-01-01T00:00:00');
const ITS = { a: ['a-ups-1', 'a-ups-2', 'a-ups-2b'], b: ['b-ups'] } as const;
const GATES = { a: ['a-gate'], b: ['b-gate'] } as const;

const monthEnd = (number: number): number =>
  at(`${number === 12 ? 2026 : 2025}-${String((number % 12) + 1).padStart(2, '0')}-01T00:00:00`);
const iso = (instant: number): string => new Date(instant).toISOString();

/** By the plant's own account. */
const pueOf = (site: 'a' | 'b', from: number, to: number): number =>
  truth(GATES[site], from, to) / truth(ITS[site], from, to);

const life = new Life(BEGIN);

function near(what: string, seen: number | undefined, expected: number, tolerance = 1e-4): void {
  assert.ok(seen !== undefined, `${what}: nothing is shown, ${expected} expected`);
  assert.ok(Math.abs(seen / expected - 1) < tolerance, `${what}: ${seen} shown, ${expected} expected`);
}

function well({ code, text }: Said, pattern: RegExp): void {
  assert.equal(code, 0, text);
  assert.match(text, pattern);
}

/** Plays to the end of a month and looks at what is shown then. */
async function month(number: number): Promise<void> {
  const end = monthEnd(number);
  await life.playTo(end);
  near(
    `ytd of site a at the end of month ${number}`,
    life.value(pueRatio, { site: 'a', window: 'ytd' }),
    pueOf('a', YEAR, end),
  );
  if (end <= JOINS) assert.equal(life.value(pueRatio, { site: 'b', window: 'ytd' }), undefined);
  else
    near(
      `ytd of site b at the end of month ${number}`,
      life.value(pueRatio, { site: 'b', window: 'ytd' }),
      pueOf('b', JOINS, end),
    );
}

const quiet = (number: number): Check => [
  `month ${number} ends with the year's PUE so far as the devices had it`,
  () => month(number),
];

async function deadGate(): Promise<void> {
  await life.playTo(at('2025-10-03T00:00:00'));
  life.plant.die('a-gate');
  await life.playTo(at('2025-10-06T00:00:00'));
  assert.equal(life.value(pueRatio, { site: 'a', window: '24h' }), undefined, 'a dead gate shows no PUE of the day');
  assert.equal(life.value(pueUnavailable, { site: 'a', window: '24h', reason: 'coverage' }), 1);
  const read = at('2025-10-23T10:00:00');
  await life.playTo(read);
  // 20 days of 296 are 6.9 % of the year so far: it has no PUE until somebody reads the meter.
  assert.equal(
    life.value(pueRatio, { site: 'a', window: 'ytd' }),
    undefined,
    'the year has no PUE while 20 days are dark',
  );
  const level = life.plant.level('a-gate');
  await life.playTo(read + 2 * HOUR);
  const photo = join(life.folder, 'photo.txt');
  writeFileSync(photo, 'the display of a-gate on 23 October');
  const said = await life.cli(
    'meter',
    'read',
    'a-gate',
    '--value',
    String(level),
    '--at',
    iso(read),
    '--evidence',
    photo,
  );
  well(said, /a-gate/);
  await life.playTo(at('2025-10-25T09:00:00'));
  life.plant.revive('a-gate');
  await life.playTo(at('2025-10-25T14:00:00'));
  near('ytd after the hand reading', life.value(pueRatio, { site: 'a', window: 'ytd' }), pueOf('a', YEAR, life.now));
  const manual = life.value(pueManualSeconds, { site: 'a', window: 'ytd', side: 'facility' });
  near('seconds by hand', manual, (read - at('2025-10-03T00:00:00')) / 1000, 1e-2);
}

async function replaced(): Promise<void> {
  const when = at('2025-03-10T10:00:00');
  await life.playTo(when);
  const id: MeterId = 'a-ups-1';
  const old = life.plant.level(id);
  life.plant.replace(id, 120_000);
  await life.playTo(when + 6 * HOUR);
  const said = await life.cli(
    'meter',
    'replace',
    id,
    '--old-final',
    String(old),
    '--new-initial',
    '120000',
    '--at',
    iso(when),
    '--why',
    'calibration ran out',
  );
  well(said, /a-ups-1/);
  await life.playTo(when + DAY);
  near(
    'ytd after the meter was replaced',
    life.value(pueRatio, { site: 'a', window: 'ytd' }),
    pueOf('a', YEAR, life.now),
  );
}

async function july(): Promise<void> {
  let worst = 0;
  let broken: number | null = null;
  for (let day = at('2025-07-01T00:00:00') + DAY; day <= monthEnd(7); day += DAY) {
    await life.playTo(day - HOUR);
    if (broken === null && (life.value(overheadLeftJoules, { site: 'a', period: 'month' }) ?? 0) < 0) broken = life.now;
    await life.playTo(day);
    worst = Math.max(worst, life.value(pueRatio, { site: 'a', window: '24h' }) ?? Number.NaN);
  }
  assert.ok(worst < 1.5, `the worst day of July is ${worst}`);
  assert.ok(broken !== null, "July's budget is overdrawn");
  await month(7);
  console.log(`year: July: worst day ${worst.toFixed(3)}, budget overdrawn first seen ${iso(broken)}`);
}

async function december(): Promise<void> {
  await month(12);
  near(
    '12mo at the end of the year',
    life.value(pueRatio, { site: 'a', window: '12mo', kind: 'annual' }),
    pueOf('a', YEAR, END),
  );
  near(
    'the province',
    life.value(provincePueRatio, { window: '30d' }),
    (truth(GATES.a, END - 30 * DAY, END) + truth(GATES.b, END - 30 * DAY, END)) /
      (truth(ITS.a, END - 30 * DAY, END) + truth(ITS.b, END - 30 * DAY, END)),
  );
  assert.equal(life.value(provincePueSite, { site: 'b', window: '12mo', state: 'shorter_window' }), 1);
  const forecast = life.value(pueForecastRatio, { site: 'a', bound: 'mid' });
  if (forecast !== undefined) near('the forecast on the last day', forecast, pueOf('a', YEAR, END), 1e-2);
  await life.playTo(END + 2 * HOUR);
  // The new year has two hours: its PUE is theirs.
  near(
    'ytd after the turn of the year',
    life.value(pueRatio, { site: 'a', window: 'ytd' }),
    pueOf('a', END, END + 2 * HOUR),
  );
  assert.deepEqual(life.steppedBack, [], 'totals never step back');
  console.log(`year: ${life.hours} hours, totals that stepped back: ${life.steppedBack.length}`);
}

async function audited(): Promise<void> {
  for (let number = 1; number <= 12; number++)
    well(await life.cli('close', `2025-${String(number).padStart(2, '0')}`, '--who', 'test'), /2025/);
  const again = await life.cli('close', '2025-12');
  assert.notEqual(again.code, 0, 'a month closes once');
  const memo = join(life.folder, 'memo.txt');
  writeFileSync(memo, 'the chiller of February was read wrongly');
  const span = ['--from', '2025-02-10T00:00:00+08:00', '--to', '2025-02-11T00:00:00+08:00'];
  well(
    await life.cli(
      'adjust',
      'a-gate',
      '--energy-kwh',
      '12.5',
      ...span,
      '--why',
      'memo',
      '--who',
      'auditor',
      '--evidence',
      memo,
    ),
    /adjusting entry/,
  );
  for (const format of ['csv', 'json']) {
    const out = join(life.folder, `audit-${format}`);
    well(await life.cli('export', '--out', out, '--format', format), /./);
    const said = await life.cli('export', '--verify', out);
    well(said, /largest difference:? +0 mJ/);
    console.log(`year: ${format}: ${said.text.trim().split('\n').join(' | ')}`);
  }
}

async function commands(): Promise<void> {
  well(await life.cli('check'), /right/);
  well(await life.cli('probe', 'a-gate'), /raw/);
  well(await life.cli('events', 'a-gate', '--limit', '5'), /a-gate/);
  const csv = join(life.folder, 'past.csv');
  writeFileSync(
    csv,
    'meter,hour,energy_kwh\n' +
      Array.from({ length: 48 }, (_, i) => `a-gate,${iso(BEGIN - (i + 49) * HOUR)},236`).join('\n'),
  );
  well(await life.cli('import', csv), /48/);
  const copy = join(life.folder, 'copy.db');
  well(await life.cli('backup', copy), /copy/);
  const restored = await life.cli('restore', copy);
  assert.notEqual(restored.code, 0, 'a ledger in use is not replaced');
  well(await life.cli('restore', copy, '--store', `sqlite:${join(life.folder, 'other.db')}`), /./);
}

await tally('year', [
  quiet(1),
  quiet(2),
  ['a meter is replaced in March: old and new register add up', replaced],
  quiet(3),
  quiet(4),
  quiet(5),
  quiet(6),
  ['July breaks its budget though no day is above 1.5', july],
  quiet(8),
  quiet(9),
  ['the gate is dead for 20 days in October; a hand reading gives the year its PUE back', deadGate],
  quiet(10),
  quiet(11),
  ['the year ends: 12 months, the province, and the new year', december],
  ['twelve months are closed, one is adjusted; the audit file is recomputed to the last millijoule', audited],
  ['every other command beside the exporter', commands],
]);
await life.close();
