import { join } from 'node:path';
import { adjustmentOf } from './adjustment.ts';
import { writeAdjustment } from '../../exporter/account/past/adjust.ts';
import { writeAudit } from '../../exporter/account/audit/audit.ts';
import type { Format } from '../../exporter/account/audit/audit-file.ts';
import { closeMonth } from '../../exporter/account/audit/closing.ts';
import { monthSpan } from '../../exporter/account/audit/closing-month.ts';
import { importPast } from '../../exporter/account/past/import-past.ts';
import { Ledger, type Batch } from '../../exporter/account/ledger/ledger.ts';
import { book, openAccount, type MeterAccount } from '../../exporter/account/ledger/meter-account.ts';
import { openBesideWriter, readLedger } from '../../exporter/account/ledger/open-ledger.ts';
import type { ClosedMonth } from '../../exporter/account/past/past-closed.ts';
import { checkPast } from '../../exporter/account/past/past-check.ts';
import type { SideMeter, Sides } from '../../exporter/account/ledger/sides.ts';
import { HOUR } from '../../exporter/account/pue/window.ts';
import { readEnergyCsv } from '../../exporter/read/past/energy-csv.ts';
import type { EnergyRows } from '../../exporter/read/past/energy-rows.ts';
import type { Span } from '../../exporter/judge/verdict.ts';
import { loadPlan } from '../../model/load.ts';
import { planFolder } from '../plan-folder.ts';

const DAY = 24 * HOUR;
export const at = (text: string): number => Date.parse(`${text}+08:00`);

/** Meters of a site that is imported, then read live for a year; kW, and what each hour adds to that in mJ. */
const kilowatts = { gate: 100, pv: 7, 'gate-2': 99, ups: 60, late: 20, chiller: 15 } as const;
type Id = keyof typeof kilowatts;
const ids = Object.keys(kilowatts) as readonly Id[];
const IMPORTED = at('2025-09-10T00:00');
const LIVE = at('2025-11-03T09:20');
/** From then on a second IT meter is in the tree, which was read before. */
const SECOND_TREE = at('2026-05-01T00:00');

const estate = `schema: greenflops/v1
sites: [{ id: s, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 100 }]
meters:
${ids
  .map(
    (id) =>
      `  - { id: ${id}, site: s, role: ${id === 'ups' || id === 'late' ? 'it' : id === 'chiller' ? 'cooling' : 'facility'}, ${id === 'pv' ? 'direction: generation, ' : ''}${id === 'gate' ? 'backup: gate-2, accuracy_class: 0.5, serial: "22071234", ' : ''}rated_kw: 200, registers: { energy: { function: 3, address: 0, type: int64, scale_to_wh: 1, modulus: none } }, source: { protocol: modbus-tcp, address: "127.0.0.1:502" } }`,
  )
  .join('\n')}
`;

const member = (meter: Id, more: Partial<SideMeter> = {}): SideMeter => ({
  meter,
  sign: 1,
  weightMillionths: 1_000_000,
  ratedKw: 200,
  electric: true,
  ...more,
});
const facility = [
  member('gate', {
    backup: { meters: [member('gate-2', { weightMillionths: 1_010_101 })], constantMilliwatts: 1_234_567 },
  }),
  member('pv', { generated: true, weightMillionths: 999_999, ratedKw: 33.3 }),
];
const first: Sides = { facility, it: [member('ups')], constants: { facility: 7_001, it: 0 } };
/** A hall has windows and no closing of its own. */
const hall: Sides = { facility: [member('ups')], it: [member('late')] };
const second: Sides = { facility, it: [member('ups'), member('late', { ratedKw: 40 })] };

/** Not even, so that every spreading and cutting leaves a remainder. */
const energyOf = (id: Id, from: number, to: number): bigint => {
  const minute = from / 60_000;
  // kW x ms are J
  return BigInt(kilowatts[id]) * BigInt(to - from) * BigInt(900 + (minute % 200)) + BigInt(minute % 997);
};

/** What a meter's year holds besides an hour's reading after an hour's reading. */
const outages: readonly { id: Id; from: number; to: number; kind: Span['kind'] }[] = [
  { id: 'ups', from: at('2025-12-10T10:05'), to: at('2025-12-10T14:35'), kind: 'bridged' },
  // over the end of a month, which is closed meanwhile
  { id: 'ups', from: at('2026-01-31T20:10'), to: at('2026-02-02T06:40'), kind: 'bridged' },
  // the gate is dead for twenty days: its backup stands in, except for a day on which that is silent too
  { id: 'gate', from: at('2026-03-05T00:30'), to: at('2026-03-25T12:00'), kind: 'unmetered' },
  { id: 'gate-2', from: at('2026-03-11T00:00'), to: at('2026-03-12T00:00'), kind: 'unmetered' },
  // closed by a hand reading
  { id: 'ups', from: at('2026-06-07T03:15'), to: at('2026-06-10T17:45'), kind: 'unmetered' },
  // so many hours that the month has no PUE
  { id: 'pv', from: at('2026-08-03T00:00'), to: at('2026-08-09T00:00'), kind: 'unmetered' },
];

const MONTH_OF_BILL = { from: at('2025-10-01T00:00'), to: at('2025-11-01T00:00') };

function hourly(from: number, to: number): string {
  const lines = ['meter,hour,energy_kwh'];
  for (let hour = from; hour < to; hour += HOUR) {
    const text = new Date(hour + 8 * HOUR).toISOString().slice(0, 16);
    const billed = hour >= MONTH_OF_BILL.from && hour < MONTH_OF_BILL.to;
    for (const id of ids) {
      const hole = id === 'pv' && text.startsWith('2025-09-20');
      if (hole || (id === 'ups' && billed)) continue;
      lines.push(`${id},${text}+08:00,${kilowatts[id]}.${String((hour / HOUR) % 997).padStart(6, '0')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The wall clock jumps over these hours of a meter: none of them is written. */
const jump = { id: 'pv', from: at('2026-04-15T04:00'), to: at('2026-04-15T09:20') };

/** September to November 2025: all hourly, but the UPS has a bill for October, and the photovoltaics have a hole. */
const csvs = (): string[] => [
  hourly(IMPORTED, MONTH_OF_BILL.from),
  'meter,month,energy_kwh\nups,2025-10,44640.123456\n',
  hourly(MONTH_OF_BILL.from, at('2025-11-03T09:00')),
];

export type AuditedYear = ReturnType<typeof auditedYear>;

/** A ledger of fourteen months with everything that an auditor may meet, its months closed as they ended. */
export function auditedYear() {
  const { dir, remove } = planFolder(estate);
  const path = join(dir, 'ledger.db');
  const plan = loadPlan(dir);
  const zone = { name: 'Asia/Shanghai', offsetMs: 8 * HOUR };
  const beside = <T>(work: (database: ReturnType<typeof openBesideWriter>['database']) => T): T => {
    const { database, close } = openBesideWriter(path);
    try {
      return work(database);
    } finally {
      close();
    }
  };
  for (const text of csvs()) {
    const rows = new Map<string, EnergyRows>();
    readEnergyCsv('past.csv', [new TextEncoder().encode(text)], { encoding: 'utf-8', zone }, rows);
    beside((database) => {
      const { pasts, faults } = checkPast(rows, plan.estate.meters, { database, now: LIVE, zone });
      if (faults[0]) throw new Error(faults[0].text.en);
      importPast(database, pasts, { plan: plan.hash, files: [], now: LIVE });
    });
  }

  const ledger = new Ledger(path);
  const accounts = new Map<Id, MeterAccount>();
  const commit = (now: number, more: Partial<Batch>) =>
    ledger.commit({
      plan: plan.hash,
      at: now,
      siteOf: () => 's',
      meters: [],
      hours: [],
      gaps: [],
      trees: [],
      sides: [],
      work: [],
      cards: [],
      carbon: [],
      ratios: [],
      brought: [],
      events: [],
      ...more,
    });
  commit(LIVE, {
    trees: [
      { site: 's', since: 0, sides: JSON.stringify(first) },
      { site: 's/h', since: 0, sides: JSON.stringify(hall) },
      { site: 's', since: SECOND_TREE, sides: JSON.stringify(second) },
    ],
    hours: ids.map((id) => {
      const { account, row } = openAccount(id, LIVE);
      accounts.set(id, account);
      return row;
    }),
  });

  const spanFrom = (id: Id, from: number, to: number): Span => {
    const out = outages.find((one) => one.id === id && one.from < to && one.to > from);
    if (out === undefined) return { from, to, millijoules: energyOf(id, from, to), kind: 'metered' };
    if (from < out.from) return { from, to: out.from, millijoules: energyOf(id, from, out.from), kind: 'metered' };
    if (from < out.to) {
      const millijoules = out.kind === 'bridged' ? energyOf(id, out.from, out.to) : 0n;
      return { from: out.from, to: out.to, millijoules, kind: out.kind };
    }
    return { from, to, millijoules: energyOf(id, from, to), kind: 'metered' };
  };
  const reach = new Map<Id, number>(ids.map((id) => [id, LIVE]));
  /** Reads everything up to an instant; a meter that is silent comes back when its outage ends. */
  const readTo = (now: number): void => {
    const hours: Batch['hours'][number][] = [];
    const gaps: Batch['gaps'][number][] = [];
    for (const id of ids) {
      const account = accounts.get(id);
      if (account === undefined) continue;
      for (let from = reach.get(id) ?? now; from < now;) {
        if (id === jump.id && from === jump.from) from = jump.to;
        const span = spanFrom(id, from, Math.min(now, Math.floor(from / HOUR) * HOUR + HOUR));
        if (span.to > now) break;
        const booked = book(account, span);
        hours.push(...booked.rows);
        gaps.push(...booked.gaps);
        from = span.to;
        reach.set(id, from);
      }
    }
    commit(now, { hours, gaps });
  };
  const close = (month: string, now: number, acceptedGaps: string | null = null) => {
    const span: ClosedMonth | null = monthSpan(month);
    if (span === null) throw new Error(month);
    const options = { at: now, who: 'auditor', program: 'test', declaration: plan.hash, acceptedGaps };
    return beside((database) => closeMonth(database, span, options));
  };
  const adjust = (...facts: Parameters<typeof adjustmentOf>) =>
    beside((database) => writeAdjustment(database, 's', adjustmentOf(...facts)));

  return {
    dir,
    remove: () => {
      ledger.close();
      remove();
    },
    plan,
    path,
    ledger,
    readTo,
    close,
    adjust,
    beside,
    /** Lives the year, closing each month on its first day after it at noon. */
    live(): void {
      for (let day = at('2025-11-04T00:00'); day <= at('2026-11-04T00:00'); day += DAY) {
        readTo(day);
        const noon = day + DAY / 2;
        const date = new Date(noon + 8 * HOUR).toISOString();
        if (date.slice(8, 10) === '01') {
          readTo(noon);
          const month = new Date(noon - DAY + 8 * HOUR).toISOString().slice(0, 7);
          close(month, noon, month === '2026-01' ? 'ups is being repaired' : null);
        }
        const today = date.slice(0, 10);
        if (today === '2026-06-20')
          adjust(noon, 'ups', '2026-06-07T03:15', '2026-06-10T17:45', 5_123_456_789_123n * 3n, 'manual');
        if (today === '2026-07-15')
          adjust(noon, 'gate', '2026-02-03T10:07', '2026-02-05T11:53', -777_777_777n, 'adjust');
        if (today === '2026-07-16')
          adjust(noon, 'chiller', '2026-07-01T00:00', '2026-07-02T00:00', 86_400_001n, 'adjust');
        if (today === '2026-09-10')
          beside((database) => {
            // What `run --restate` leaves behind.
            const [from, to] = [at('2026-09-01T00:00'), at('2026-09-05T00:00')];
            database
              .prepare(
                "INSERT INTO entry (at, meter, entry_from, entry_to, joules, millijoules, factor, kind, who, why, evidence) VALUES (?, 'ups', ?, ?, 0, 0, '1003/1000', 'rescale', 'restate', 'CT ratio', 'null')",
              )
              .run(noon, from, to);
            const iso = (instant: number): string => new Date(instant).toISOString();
            const detail = { reason: 'CT ratio', from: iso(from), to: iso(to), factor: '1003/1000' };
            database
              .prepare(
                "INSERT INTO event (at, site, source, kind, detail, wire) VALUES (?, 's', 'ups', 'restated', ?, '')",
              )
              .run(noon, JSON.stringify(detail));
          });
      }
    },
    export(
      name: string,
      {
        format = 'csv',
        range = { from: -Infinity, to: Infinity },
      }: { format?: Format; range?: { from: number; to: number } } = {},
    ): string {
      const folder = join(dir, name);
      const database = readLedger(path);
      writeAudit(database, folder, { plan, program: 'test', format, range });
      database.close();
      return folder;
    },
  };
}
