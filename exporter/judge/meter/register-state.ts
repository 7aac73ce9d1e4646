import { compare, floor, multiply, rational, type Rational } from '../../../model/rational.ts';
import type { RegisterLimits } from './register-limits.ts';
import type { Span, Verdict } from '../verdict.ts';

/** What is remembered of a register between readings, and across restarts. Times are wall ms. */
export interface RegisterState {
  /** The last settled level. */
  readonly level: Rational;
  /** When that level was first read: everything after it is the open gap. */
  readonly at: number;
  /** Seconds of the open gap up to here have been counted as unmetered. */
  readonly unmeteredTo: number;
  /** Readings that do not fit the settled level, but fit each other. */
  readonly held: {
    readonly first: Rational;
    readonly firstAt: number;
    readonly last: Rational;
    readonly lastAt: number;
    readonly count: number;
  } | null;
  /** How many readings were held since that level was settled. */
  readonly doubts: number;
  readonly stuck: boolean;
  /** How long after `at` the register was last read at that level, ms: from there on it is silent. */
  readonly heardMs: number;
  /** The lowest level that was left without evidence of a reset: what lies at or above it may have been credited before. */
  readonly left: Rational | null;
  /** The level came with imported energy: no reading of this program has confirmed it. */
  readonly imported?: true;
  /** Begun by two readings that agree: as many must still fit before the level is evidence of what was counted. */
  readonly unconfirmed?: number;
  /** What `registers.restart` showed when the level was last heard: another number is evidence of a reset. */
  readonly restart?: Rational;
  /** Of several registers: the raw level of each, of which `level` is the sum. */
  readonly parts?: readonly Rational[];
}

export interface RegisterReading {
  readonly level: Rational;
  readonly at: number;
  /** ms since the last settled instant by the monotonic clock (by the wall clock across a restart) */
  readonly gap: number;
  /** the meter's own power reading, where it has one */
  readonly watts: number | null;
  /** true: an unchanged register is no fault */
  readonly idleOk: boolean;
  /** what `registers.restart` shows, null where it shows no number; absent where it is not declared */
  readonly restart?: Rational | null;
  /** of several registers: the raw level of each */
  readonly parts?: readonly Rational[];
  /** of several registers: what is wrong with one of them */
  readonly fault?: 'below_range' | 'above_range' | 'counter_fell' | 'ambiguous_rollover';
}

export type RegisterVerdict = Verdict<RegisterState>;
export type Held = NonNullable<RegisterState['held']>;

export const show = ({ n, d }: Rational): string => (d === 1n ? String(n) : String(Number(n) / Number(d)));

const exact = ({ n, d }: Rational): string => `${n}/${d}`;
export const between = (from: Rational, to: Rational): Span['levels'] => ({ from: exact(from), to: exact(to) });

export const ZERO = rational(0n);

export const millijoules = (limits: RegisterLimits, from: Rational, to: Rational): bigint =>
  floor(multiply(to, limits.scale)) - floor(multiply(from, limits.scale));

/** A zero may be a fault of the display, or of the whole answer: it says nothing of where the register stands. */
export const isZero = ({ level, parts = [level] }: Pick<RegisterReading, 'level' | 'parts'>): boolean =>
  parts.every(({ n }) => n === 0n);

/** The lowest level that is left where this one is left without evidence. */
export const lowest = ({ left, level }: RegisterState): Rational =>
  left !== null && compare(left, level) < 0 ? left : level;

/** The first reading of a register settles its level and credits nothing. */
export const firstReading = (level: Rational, at: number): RegisterState => ({
  level,
  at,
  unmeteredTo: at,
  held: null,
  doubts: 0,
  stuck: false,
  heardMs: 0,
  left: null,
});

/** What the device said of its restarts when this level was heard, and the parts that the level is the sum of. */
export const said = (state: RegisterState, { restart, parts }: RegisterReading): Partial<RegisterState> => {
  const heard = restart ?? state.restart;
  return { ...(heard && { restart: heard }), ...(parts && { parts }) };
};

/** The open gap, of which nothing is credited. */
export const nothing = (state: RegisterState, { level, at, gap }: RegisterReading): Span => ({
  from: at - gap,
  to: at,
  millijoules: 0n,
  kind: 'unmetered',
  levels: between(state.level, level),
});
