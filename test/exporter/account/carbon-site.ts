import { DatabaseSync } from 'node:sqlite';
import { carbonSteps, type CarbonCount, type CarbonFigures } from '../../../exporter/account/carbon/carbon.ts';
import { Totals } from '../../../exporter/account/carbon/carbon-flows.ts';
import type { CarbonTerms } from '../../../exporter/account/carbon/carbon-terms.ts';
import { sharesOf, type Share } from '../../../exporter/account/carbon/certificates.ts';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { firstFullHour } from '../../../exporter/account/pue/pue-hours.ts';
import { MIGRATIONS } from '../../../exporter/account/ledger/schema.ts';
import type { Flow, SideMeter, Tree } from '../../../exporter/account/ledger/sides.ts';
import { atOnce } from '../../../exporter/account/ledger/slices.ts';
import { HOUR, type WindowName } from '../../../exporter/account/pue/window.ts';
import { estate } from '../../../model/schema/estate.ts';
import { factors } from '../../../model/schema/factors.ts';

export const sideMeter = (id: string, more: Partial<SideMeter> = {}): SideMeter => ({
  meter: id,
  sign: 1,
  weightMillionths: 1_000_000,
  ratedKw: 200,
  electric: true,
  ...more,
});
export const flow = (id: string, direction: Flow['direction'] = 'import', carrier = 'electricity'): Flow => ({
  direction,
  carrier,
  sum: { meters: [sideMeter(id)] },
});

/** The shares of site s of certificates as the declaration writes them. */
export function shares(certificates: readonly object[], matching = 'period'): Share[] {
  const name = { zh: '甲', en: 'A' };
  const site = (id: string): object => ({
    id,
    name,
    grid: 'g',
    profile: 'p',
    it_rated_kw: 1,
    certificate_matching: matching,
  });
  const numbered = certificates.map((one, i) => ({ id: `c${i + 1}`, serial: `S-${i + 1}`, ...one }));
  return sharesOf(
    estate.parse({ schema: 'greenflops/v1', sites: [site('s'), site('t')], certificates: numbered }),
    's',
  );
}

/** 0.5 kg/kWh from 2026 on, 0.4 from 2027 on; diesel 0.25. */
export function terms(certificates: readonly Share[] = [], residual?: number): CarbonTerms {
  const origin = { source: 'test', confidence: 'memory' };
  const table = factors.parse({
    schema: 'greenflops/v1',
    grid_factors: [
      { grid: 'g', year: 2027, kg_per_kwh: 0.4, ...origin },
      { grid: 'g', year: 2026, kg_per_kwh: 0.5, ...(residual && { residual_kg_per_kwh: residual }), ...origin },
    ],
    fuel_factors: [{ carrier: 'diesel', kg_per_kwh: 0.25, ...origin }],
  });
  const fuels = new Map(table.fuel_factors.map((row) => [row.carrier, row.kg_per_kwh]));
  return { site: 's', grid: table.grid_factors, fuels, shares: certificates };
}

/** kWh of one hour; null: not metered. */
export type Hours = readonly (number | null)[];

/** Hours whose energy was credited as a whole when a register went on. */
export interface Bridge {
  readonly meter: string;
  /** [from, to), counted from the first hour */
  readonly from: number;
  readonly to: number;
}

/** A ledger in which the hours from `begin` on are written. */
export function written<T>(
  begin: number,
  meters: Readonly<Record<string, Hours>>,
  use: (book: HourBook) => T,
  bridges: readonly Bridge[] = [],
): T {
  const database = new DatabaseSync(':memory:');
  try {
    for (const migration of MIGRATIONS) database.exec(migration);
    const put = database.prepare('INSERT INTO hour VALUES (?, ?, ?, ?, ?, 1)');
    const spoil = database.prepare('INSERT INTO exception VALUES (?, ?)');
    for (const [meter, hours] of Object.entries(meters)) {
      put.run(meter, begin - HOUR, 0, 0, 0);
      let [energy, metered] = [0n, 0];
      hours.forEach((kwh, i) => {
        energy += BigInt(Math.round((kwh ?? 0) * 3.6e9));
        const unmetered = kwh === null || bridges.some((one) => one.meter === meter && one.from <= i && i < one.to);
        metered += unmetered ? 0 : HOUR;
        put.run(meter, begin + i * HOUR, energy / 1000n, energy % 1000n, metered);
        if (unmetered) spoil.run(meter, begin + i * HOUR);
      });
    }
    const bridge = database.prepare("INSERT INTO gap (meter, gap_from, gap_to, kind) VALUES (?, ?, ?, 'bridged')");
    for (const { meter, from, to } of bridges) bridge.run(meter, begin + from * HOUR, begin + to * HOUR);
    return use(new HourBook(database));
  } finally {
    database.close();
  }
}

export interface Scene {
  readonly begin: number;
  readonly meters: Readonly<Record<string, Hours>>;
  readonly flows?: readonly Flow[];
  readonly terms?: CarbonTerms;
  /** false: the tree on record does not say what crossed the boundary. @default true */
  readonly recorded?: boolean;
  readonly bridges?: readonly Bridge[];
}

/** Counts at the end of the hours of `gate`. Facility: all flows; IT: the meter `it`. */
export function count(scene: Scene): CarbonCount {
  const { begin, meters, flows = [flow('gate')], terms: by = terms(), recorded = true, bridges } = scene;
  const facility = flows.flatMap(({ direction, sum }) =>
    sum.meters.map((one): SideMeter => ({ ...one, sign: direction === 'export' ? -1 : 1 })),
  );
  const trees: Tree[] = [{ since: 0, sides: { facility, it: [sideMeter('it')], ...(recorded && { flows }) } }];
  const end = begin + (meters['gate']?.length ?? 0) * HOUR;
  return written(
    begin,
    meters,
    (book) => atOnce(carbonSteps(new Totals(book), trees, by, end, firstFullHour(book, trees, 0))),
    bridges,
  );
}

export function figuresOf({ windows }: CarbonCount, window: WindowName): CarbonFigures {
  const found = windows.find((one) => one.window === window);
  if (!found?.figures) throw new Error(`no emissions of ${window}: ${found?.reason}`);
  return found.figures;
}

export const same = (hours: number, kwh: number): number[] => Array.from({ length: hours }, () => kwh);
export const kilograms = (milligrams: bigint): number => Number(milligrams) / 1e6;
