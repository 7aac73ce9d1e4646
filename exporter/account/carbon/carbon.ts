import type { CarbonReason } from '../../../model/reasons.ts';
import { add, floor, rational, type Rational } from '../../../model/rational.ts';
import { edgesOf, flowSpans, type FlowSpan, type Totals } from './carbon-flows.ts';
import { ELECTRICITY, factorsAt, milligrams, type CarbonTerms } from './carbon-terms.ts';
import { CertificateUse } from './certificates.ts';
import { judgeHours } from '../pue/pue-hours.ts';
import { pueOf, type PueResult } from '../pue/pue.ts';
import { piecesOf, type Tree } from '../ledger/sides.ts';
import type { Steps } from '../ledger/slices.ts';
import { HOUR, windows, yearOf, yearStart, type WindowName } from '../pue/window.ts';

/** Some ms of them */
const PARTS_IN_A_STEP = 500;

const carbonWindows = windows.filter((window) => window !== '1h');

/** Emissions of a window and their sister figures. Energies are those of the hours that count for its PUE. */
export interface CarbonFigures {
  /** Emissions, rounded down to the milligram */
  readonly location: bigint;
  readonly market: bigint;
  /** null where no facility energy was used */
  readonly ref: number | null;
  /** kg per kWh, null where no IT energy was used */
  readonly cue: number | null;
}
export interface CarbonWindow {
  readonly window: WindowName;
  readonly reason: CarbonReason | null;
  readonly figures: CarbonFigures | null;
}
export interface CarbonCount {
  readonly windows: readonly CarbonWindow[];
  /** What was used since the site's first full hour; null before it */
  readonly use: CertificateUse | null;
}

/** Energy by the factor that it is priced with: rounded once, so that windows that are split add up. */
class Emissions {
  readonly #energies = new Map<Rational, bigint>();

  add(factor: Rational, millijoules: bigint): void {
    this.#energies.set(factor, (this.#energies.get(factor) ?? 0n) + millijoules);
  }

  get milligrams(): bigint {
    const parts = [...this.#energies].map(([factor, energy]) => milligrams(energy, factor));
    return floor(parts.reduce(add, rational(0n)));
  }
}

/** Adds up one window. */
class Bill {
  readonly #terms: CarbonTerms;
  readonly #location = new Emissions();
  readonly #market = new Emissions();
  #renewable = 0n;
  /** Generation less export */
  #kept = 0n;

  constructor(terms: CarbonTerms) {
    this.#terms = terms;
  }

  add({ from, imported, generated, exported }: FlowSpan, certified: bigint): void {
    for (const [carrier, energy] of imported) {
      const factors = factorsAt(this.#terms, carrier, from);
      if (factors === null) throw new RangeError(`no factor of ${carrier} at ${new Date(from).toISOString()}`);
      this.#location.add(factors.location, energy);
      this.#market.add(factors.market, carrier === ELECTRICITY ? energy - certified : energy);
    }
    this.#renewable += certified;
    this.#kept += generated - exported;
  }

  figures({ facility, it }: { facility: bigint; it: bigint }): CarbonFigures {
    const location = this.#location.milligrams;
    const renewable = this.#renewable + (this.#kept > 0n ? this.#kept : 0n);
    return {
      location,
      market: this.#market.milligrams,
      // A site that gives away more than it generates has no use for all its certificates.
      ref: facility > 0n ? Math.min(1, Number(renewable) / Number(facility)) : null,
      // mg / mJ x 3,600 are kg / kWh
      cue: it > 0n ? (Number(location) / Number(it)) * 3600 : null,
    };
  }
}

/** Why a window has no emissions; null where it has. */
function reasonOf({ reason, span }: PueResult, trees: readonly Tree[], terms: CarbonTerms): CarbonReason | null {
  if (reason !== null && reason !== 'no_it_energy') return reason;
  if (span === null) return 'young';
  const pieces = piecesOf(trees, span.from, span.to);
  const flows = pieces.map(({ sides }) => sides.flows);
  if (flows.includes(undefined)) return 'flows_unknown';
  const bought = flows.flatMap((list) => list ?? []).filter(({ direction }) => direction === 'import');
  if (bought.some(({ carrier }) => carrier !== ELECTRICITY && !terms.fuels.has(carrier))) return 'no_fuel_factor';
  const electric = bought.some(({ carrier }) => carrier === ELECTRICITY);
  return electric && factorsAt(terms, ELECTRICITY, span.from) === null ? 'no_grid_factor' : null;
}

/** Full hours at which the factor or what is left of a certificate may change. */
function* turns({ shares }: CarbonTerms, from: number, to: number): Iterable<number> {
  for (let year = yearOf(from) + 1; yearStart(year) < to; year += 1) yield yearStart(year);
  for (const share of shares) {
    yield share.from;
    yield share.to;
    if (share.hourCap === null) continue;
    for (let hour = Math.max(from, share.from); hour < Math.min(to, share.to); hour += HOUR) yield hour;
  }
}

/**
 * Emissions of a site over its windows up to `end`, by location and by market. Imported electricity and fuels count,
 * export is not taken off, generation counts nothing. Certificates are used from the site's first full hour on, in the
 * order of time, by the energy of hours that count: what one window uses no other window of another time has.
 */
export function* carbonSteps(
  totals: Totals,
  trees: readonly Tree[],
  terms: CarbonTerms,
  end: number,
  start: number | null,
): Steps<CarbonCount> {
  const { book } = totals;
  const rowOf = (window: WindowName) => {
    const result = pueOf(book, trees, window, end, start);
    const reason = reasonOf(result, trees, terms);
    const { span } = result;
    if (reason !== null || span === null) return { result, reason, span, excluded: new Set<number>() };
    const excluded = piecesOf(trees, span.from, span.to).flatMap((piece) => [
      ...judgeHours(book, piece, span).excluded,
    ]);
    return { result, reason, span, excluded: new Set(excluded), bill: new Bill(terms) };
  };
  const rows: ReturnType<typeof rowOf>[] = [];
  for (const window of carbonWindows) {
    rows.push(rowOf(window));
    yield;
  }
  const none = rows.map(({ result: { window }, reason }) => ({ window, reason, figures: null }));
  if (start === null || start >= end) return { windows: none, use: null };

  const cuts = [
    ...turns(terms, start, end),
    ...rows.flatMap(({ span, excluded }) => [...(span ? [span.from] : []), ...edgesOf(excluded)]),
  ];
  const use = new CertificateUse(terms.shares);
  yield;
  let parts = 0;
  for (const part of flowSpans(totals, trees, { from: start, to: end }, cuts)) {
    const certified = use.take(part.from, part.imported.get(ELECTRICITY) ?? 0n);
    for (const { span, excluded, bill } of rows) {
      if (bill && span && part.from >= span.from && !excluded.has(part.from)) bill.add(part, certified);
    }
    if (++parts % PARTS_IN_A_STEP === 0) yield;
  }
  const counted = rows.map(({ result: { window, sum }, reason, bill }): CarbonWindow => ({
    window,
    reason,
    figures: bill && sum ? bill.figures(sum.millijoules) : null,
  }));
  return { windows: counted, use };
}
