import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, auditedYear, type AuditedYear } from '../../verify/audited-year.ts';

const BILL = '发票 invoice 42';
let year: AuditedYear;
let evidence: string;
beforeAll(() => {
  year = auditedYear();
  year.readTo(at('2026-01-20T00:00'));
  year.close('2025-12', at('2026-01-01T12:00'));
  evidence = join(year.dir, 'bill.pdf');
  writeFileSync(evidence, BILL);
});
afterAll(() => year.remove());

/** `greenflops adjust` with what a good one has, and other flags instead. */
function adjust(id: string, flags: Readonly<Record<string, string | true>>, language = 'en') {
  const all: Readonly<Record<string, string | true>> = {
    'energy-kwh': '-12.5',
    from: '2025-12-03T08:00:00+08:00',
    to: '2025-12-03T20:00:00+08:00',
    why: 'meter read twice',
    who: 'li',
    evidence,
    ...flags,
  };
  const args = Object.entries(all).flatMap(([flag, value]) => (value === true ? [`--${flag}`] : [`--${flag}`, value]));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['exporter/cli/main.ts', 'adjust', id, ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      GREENFLOPS_LANG: language,
      GREENFLOPS_STORE: `sqlite:${year.path}`,
      GREENFLOPS_PLAN: year.dir,
    },
  });
  return { status, stdout: stdout.trim().split('\n'), stderr: stderr.trim() };
}
const rows = (sql: string) => year.ledger.database.prepare(sql).all();

test('a dry run shows the month before and after, and writes nothing; then the entry, its evidence and its event are there', () => {
  const effect = expect.stringMatching(/^s 2025-12 \(closed\) PUE: 1\.78428\d{4} -> 1\.78400\d{4}$/);
  expect(adjust('gate', { 'dry-run': true })).toEqual({
    status: 0,
    stdout: [effect, 'dry run: nothing was written'],
    stderr: '',
  });
  expect(rows('SELECT count(*) AS n FROM entry')).toEqual([{ n: 0 }]);
  expect(adjust('gate', {})).toEqual({ status: 0, stdout: [effect, 'wrote the adjusting entry 1'], stderr: '' });
  const sha256 = createHash('sha256').update(BILL).digest('hex');
  expect(rows('SELECT meter, entry_from, entry_to, joules, millijoules, kind, who, why, evidence FROM entry')).toEqual([
    {
      meter: 'gate',
      entry_from: at('2025-12-03T08:00'),
      entry_to: at('2025-12-03T20:00'),
      joules: -45_000_000,
      millijoules: 0,
      kind: 'adjust',
      who: 'li',
      why: 'meter read twice',
      evidence: JSON.stringify({ name: 'bill.pdf', sha256 }),
    },
  ]);
  const [event] = rows("SELECT site, source, detail FROM event WHERE kind = 'adjusted'");
  expect(event).toMatchObject({ site: 's', source: 'gate' });
  expect(JSON.parse(String(event?.['detail']))).toMatchObject({
    entry: 1,
    millijoules: '-45000000000',
    closed: '2025-12',
    evidence: `bill.pdf sha256:${sha256}`,
  });
}, 30_000);

test.each<[string, Record<string, string | true>, string]>([
  ['gates', {}, 'the meter "gates" is not declared; did you mean "gate"?'],
  [
    'gate',
    { 'energy-kwh': '0' },
    '--energy-kwh "0" is no number other than zero: write one like -12.5 (negative takes off)',
  ],
  [
    'gate',
    { from: '2025-12-03 08:00' },
    '--from "2025-12-03 08:00" is no time with a zone: write one like 2026-10-03T08:00:00+08:00',
  ],
  [
    'gate',
    { to: '2025-12-03T08:00:00+08:00' },
    '--to 2025-12-03T08:00+08:00 is not after --from 2025-12-03T08:00+08:00',
  ],
  [
    'gate',
    { to: '2999-01-01T00:00:00+08:00' },
    '--to 2999-01-01T00:00+08:00 is in the future: only the past can be adjusted',
  ],
  ['gate', { why: ' ' }, '--why is empty: say why'],
  ['gate', { evidence: 'no.pdf' }, 'the evidence no.pdf cannot be read'],
  [
    'ups',
    { 'energy-kwh': '-100', to: '2025-12-03T09:00:00+08:00' },
    'outside 0 to 240.000 kWh (1.2 × 200 kW rated): check figure, unit and span',
  ],
  [
    'ups',
    { 'energy-kwh': '200', to: '2025-12-03T09:00:00+08:00' },
    '"ups" has 54.000 kWh in the hour 2025-12-03T08:00+08:00 and would have 254.000 kWh',
  ],
  ['ups', { 'closes-gap': true }, '"ups" has no gap from 2025-12-03T08:00+08:00 to 2025-12-03T20:00+08:00'],
  [
    'ups',
    { 'closes-gap': true, from: '2025-12-10T12:00:00+08:00', to: '2025-12-10T13:00:00+08:00' },
    'the energy of "ups" from 2025-12-10T10:05+08:00 to 2025-12-10T14:35+08:00 is on record as a whole already (bridged)',
  ],
])('%s %j is refused', (id, flags, said) => {
  const before = rows('SELECT count(*) AS n FROM entry');
  const { status, stderr } = adjust(id, flags);
  expect(stderr).toContain(said);
  expect(status).toBe(1);
  expect(rows('SELECT count(*) AS n FROM entry')).toEqual(before);
});
