import { carbonKilograms } from '../../../model/metrics/carbon.ts';
import type { Emit } from '../../../model/metrics/metric.ts';
import { floor, type Rational } from '../../../model/rational.ts';
import { ELECTRICITY, factorsAt, milligrams, type CarbonTerms } from './carbon-terms.ts';
import { CertificateUse } from './certificates.ts';
import type { CarbonRow, SideRow } from '../ledger/ledger.ts';
import { hourOf } from '../ledger/meter-account.ts';
import type { Flow, Sum } from '../ledger/sides.ts';
import type { Point } from '../ledger/site-side.ts';
import { HOUR } from '../pue/window.ts';

const GRID = 'grid';
const FUEL = 'fuel/';
/** What of each certificate is in the market counter: kept as a sum beside the others of the site. */
const CERTIFIED = 'certified';

const price = (factor: Rational, energy: bigint): bigint => floor(milligrams(energy, factor));

/** A rise of a counter as the rises of the hours that it passes, evenly by time. */
function* byHour(from: Point, to: Point): Iterable<{ at: number; from: bigint; to: bigint }> {
  const rise = to.millijoules - from.millijoules;
  let [at, level] = [from.at, from.millijoules];
  while (hourOf(at) + HOUR < to.at) {
    const end = hourOf(at) + HOUR;
    const next = from.millijoules + (rise * BigInt(end - from.at)) / BigInt(to.at - from.at);
    yield { at, from: level, to: next };
    [at, level] = [end, next];
  }
  yield { at, from: level, to: to.millijoules };
}

/**
 * Emissions of a site's live readings: what its imports rose by, by the factor in force. It is written with the readings
 * that it comes from and never steps back, so that a certificate lowers what comes after it was declared.
 */
export class CarbonCounter {
  /** What is bought across the boundary, as sums that the accountant keeps: electricity, and each other carrier. */
  readonly sums: ReadonlyMap<string, Sum>;
  readonly #terms: CarbonTerms;
  readonly #use: CertificateUse;
  readonly #totals = new Map<CarbonRow['basis'], bigint>();
  #certified: SideRow | null;
  /** All that is bought had a factor when the last of it was counted. */
  #known = true;

  constructor(terms: CarbonTerms, flows: readonly Flow[], rows: readonly CarbonRow[], sides: readonly SideRow[]) {
    const { site } = terms;
    this.#terms = terms;
    const bought = Map.groupBy(
      flows.filter(({ direction }) => direction === 'import'),
      ({ carrier }) => (carrier === ELECTRICITY ? GRID : FUEL + carrier),
    );
    this.sums = new Map(
      [...bought].map(([name, list]) => [
        name,
        {
          meters: list.flatMap(({ sum }) => sum.meters),
          constantMilliwatts: list.reduce((total, { sum }) => total + (sum.constantMilliwatts ?? 0), 0),
        },
      ]),
    );
    this.#certified = sides.find((row) => row.site === site && row.side === CERTIFIED) ?? null;
    this.#use = new CertificateUse(terms.shares, this.#certified?.entered);
    for (const row of rows) if (row.site === site) this.#totals.set(row.basis, row.milligrams);
  }

  #factorsOf = (name: string, at: number) =>
    factorsAt(this.#terms, name === GRID ? ELECTRICITY : name.slice(FUEL.length), at);

  /** A carrier without a factor would make less of the emissions than they are. */
  #isKnown(at: number): boolean {
    return [...this.sums.keys()].every((name) => this.#factorsOf(name, at) !== null);
  }

  /**
   * Adds what one of the sums rose by. Levels are rounded, not rises, so that no milligram is lost between commits; what
   * a certificate saves is rounded down, so that no emission is.
   */
  credit(name: string, before: Point, after: Point): void {
    for (const { at, from, to } of byHour(before, after)) {
      const factors = this.#factorsOf(name, at);
      this.#known = this.#isKnown(at);
      if (factors === null || !this.#known) continue;
      const energy = to - from;
      const covered = name === GRID ? this.#use.take(at, energy) : 0n;
      const gross = price(factors.market, to) - price(factors.market, from);
      const saved = energy > 0n ? (gross * covered) / energy : 0n;
      this.#add('location', price(factors.location, to) - price(factors.location, from));
      this.#add('market', gross - saved);
      if (covered > 0n) this.#certify(after.at, covered);
    }
  }

  #add(basis: CarbonRow['basis'], rise: bigint): void {
    this.#totals.set(basis, (this.#totals.get(basis) ?? 0n) + rise);
  }

  #certify(at: number, covered: bigint): void {
    const millijoules = (this.#certified?.millijoules ?? 0n) + covered;
    const { site } = this.#terms;
    this.#certified = { site, side: CERTIFIED, at, millijoules, debt: 0n, entered: this.#use.used };
  }

  /** Rows of the ledger. */
  get rows(): { carbon: CarbonRow[]; sides: SideRow[] } {
    const { site } = this.#terms;
    return {
      carbon: [...this.#totals].map(([basis, total]) => ({ site, basis, milligrams: total })),
      sides: this.#certified ? [this.#certified] : [],
    };
  }

  emit(emit: Emit): void {
    if (!this.#known) return;
    const { site } = this.#terms;
    for (const [basis, units] of this.#totals) emit(carbonKilograms, { site, basis }, { units, digits: 6 });
  }
}
