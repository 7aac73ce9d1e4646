import { compare, floor, multiply, rational, subtract, type Rational } from '../../model/rational.ts';
import type { Rejection } from '../../model/reasons.ts';
import { cap, outOfRange, stuckAfter, type RegisterLimits } from './register-limits.ts';
import type { Verdict as VerdictOf } from './verdict.ts';

type Verdict = VerdictOf<RegisterState>;

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
}

/** A register's delta over a longer gap is bridged: credited, but metered only for windows that hold the whole gap. */
export const BRIDGE_MS = 3_600_000;
/** Readings that must agree before a register is taken to have moved to another level: one and two further. */
const AGREE = 3;

const show = ({ n, d }: Rational): string => (d === 1n ? String(n) : String(Number(n) / Number(d)));

const ZERO = rational(0n);

const millijoules = (limits: RegisterLimits, from: Rational, to: Rational): bigint =>
  floor(multiply(to, limits.scale)) - floor(multiply(from, limits.scale));

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

/** The part of the open gap in which the register was silent, or stuck: the rest was read, at the settled level. */
const unread = ({ stuck, heardMs }: RegisterState, gap: number): number => (stuck ? gap : gap - heardMs);

/**
 * Time passed without a reading that fits: after an hour (at once where the register is stuck) it counts as unmetered,
 * whatever a later reading may still bridge.
 */
export function ageGap(state: RegisterState, at: number, gap: number): Pick<Verdict, 'state' | 'unmetered'> {
  const silence = unread(state, gap);
  if (!state.stuck && silence <= BRIDGE_MS) return { state, unmetered: 0 };
  return {
    state: { ...state, unmeteredTo: Math.max(state.unmeteredTo, at) },
    unmetered: unmeteredOf(state, at - silence, at),
  };
}

/** Seconds of the open gap that have not yet been counted as unmetered; the caller counts them on. */
function unmeteredOf(state: RegisterState, from: number, to: number): number {
  return Math.max(0, to - Math.max(from, state.unmeteredTo));
}

/** Closes the open gap with the reading's level and credits `energy` over it. */
function settle(
  state: RegisterState,
  reading: RegisterReading,
  limits: RegisterLimits,
  energy: bigint,
  event: Verdict['event'],
): Verdict {
  const from = reading.at - reading.gap;
  const silence = unread(state, reading.gap);
  const bridged = silence > BRIDGE_MS;
  return {
    state: { ...firstReading(reading.level, reading.at), left: state.left },
    spans: [{ from, to: reading.at, millijoules: energy, kind: bridged ? 'bridged' : 'metered' }],
    unmetered: bridged ? unmeteredOf(state, reading.at - silence, reading.at) : 0,
    event:
      event ??
      (bridged ? { kind: 'bridged', detail: { from, to: reading.at, millijoules: String(energy) } } : undefined),
  };
}

/** What to say when a register goes on from its settled level. */
function recovery(state: RegisterState, reading: RegisterReading): Verdict['event'] {
  if (state.doubts > 0) return { kind: 'transient', detail: { level: show(reading.level), readings: state.doubts } };
  if (state.stuck) return { kind: 'unstuck', detail: { level: show(reading.level), since: reading.at - reading.gap } };
  return undefined;
}

/** The level did not move: nothing is settled, unless the meter idles; after a while the register is stuck. */
function unchanged(state: RegisterState, reading: RegisterReading, limits: RegisterLimits): Verdict {
  const from = reading.at - reading.gap;
  if (reading.idleOk || reading.watts === 0) return settle(state, reading, limits, 0n, recovery(state, reading));
  const stuck = state.stuck || reading.gap > stuckAfter(limits, state.level, reading.watts);
  const next = { ...state, held: null, doubts: 0, heardMs: reading.gap };
  if (!stuck)
    return { state: next, spans: [], unmetered: 0, event: state.doubts > 0 ? recovery(state, reading) : undefined };
  return {
    state: { ...next, stuck: true, unmeteredTo: reading.at },
    spans: [],
    unmetered: unmeteredOf(state, from, reading.at),
    rejected: 'stuck',
    event: state.stuck ? undefined : { kind: 'stuck', detail: { level: show(state.level), since: from } },
  };
}

type Held = NonNullable<RegisterState['held']>;

/**
 * Whether a level that was held looks like a register that began again: near zero, which is what two intervals can
 * bring however long the gap (a replaced meter may start anywhere).
 */
function isStart(held: Held, since: number, limits: RegisterLimits): boolean {
  const ms = Math.min(Math.max(0, held.firstAt - since), 2 * limits.everyMs);
  return compare(held.first, cap(limits, held.first, ms)) <= 0;
}

/**
 * Two further readings agreed with a new level. Only a register that began again is credited, from zero, and not where
 * it was at a level without evidence just before: what it counted there may be the same energy.
 */
function rebase(state: RegisterState, held: Held, reading: RegisterReading, limits: RegisterLimits): Verdict {
  const { first, firstAt, count } = held;
  const from = reading.at - reading.gap;
  const detail = { old: show(state.level), new: show(reading.level), readings: count + 1 };
  const settled = firstReading(reading.level, reading.at);
  const start = isStart(held, from, limits);
  if (!start || state.left !== null) {
    const lower = state.left !== null && compare(state.left, state.level) < 0 ? state.left : state.level;
    const left = start ? null : lower;
    return {
      state: { ...settled, left },
      spans: [{ from, to: reading.at, millijoules: 0n, kind: 'unmetered' }],
      unmetered: unmeteredOf(state, from, reading.at),
      event: { kind: 'rebased', detail },
    };
  }
  return {
    state: settled,
    spans: [
      { from, to: firstAt, millijoules: millijoules(limits, ZERO, first), kind: 'unmetered' },
      { from: firstAt, to: reading.at, millijoules: millijoules(limits, first, reading.level), kind: 'metered' },
    ],
    unmetered: unmeteredOf(state, from, firstAt),
    event: { kind: 'reset', detail },
  };
}

/** A reading that fits neither the settled level nor a rollover: credit nothing, keep the level, remember it. */
function hold(state: RegisterState, reading: RegisterReading, limits: RegisterLimits, rejected: Rejection): Verdict {
  const { level, at } = reading;
  const outside = outOfRange(level, limits) !== null;
  const { held } = state;
  const rise = held && !outside && subtract(level, held.last);
  const agrees = rise && compare(rise, ZERO) >= 0 && compare(rise, cap(limits, level, at - held.lastAt)) <= 0;
  if (held && agrees && held.count + 1 >= AGREE) {
    // A start that does not count has not shown yet that it is one.
    const counts = compare(level, held.first) > 0 || !isStart(held, at - reading.gap, limits);
    if (counts) return { ...rebase(state, held, reading, limits), rejected };
  }
  // No level to go on from: what no register shows, and a zero, with which a meter does not say yet where it starts again.
  const blank = outside || compare(level, ZERO) === 0;
  const next = agrees
    ? { ...held, last: level, lastAt: at, count: held.count + 1 }
    : { first: level, firstAt: at, last: level, lastAt: at, count: 1 };
  return {
    state: { ...state, held: blank ? null : next, doubts: state.doubts + 1 },
    spans: [],
    unmetered: 0,
    rejected,
    event: { kind: 'held', detail: { level: show(level), settled: show(state.level), reason: rejected } },
  };
}

/**
 * Judges one reading of an energy register (rules of the energy ledger). Credited energy is never more than the truth;
 * the shortfall shows as unmetered time.
 */
export function judgeRegister(state: RegisterState, reading: RegisterReading, limits: RegisterLimits): Verdict {
  const { level } = reading;
  const rise = subtract(level, state.level);
  const most = cap(limits, level, reading.gap);
  const from = reading.at - reading.gap;
  const outside = outOfRange(level, limits);
  if (outside) return hold(state, reading, limits, outside);
  if (limits.modulus !== null && compare(most, rational(limits.modulus)) >= 0) {
    return {
      state: { ...firstReading(level, reading.at), left: state.left },
      spans: [{ from, to: reading.at, millijoules: 0n, kind: 'unmetered' }],
      unmetered: unmeteredOf(state, from, reading.at),
      rejected: 'ambiguous_rollover',
      event: { kind: 'ambiguous_rollover', detail: { old: show(state.level), new: show(level), gap_ms: reading.gap } },
    };
  }
  if (compare(rise, ZERO) === 0) return unchanged(state, reading, limits);
  if (compare(rise, ZERO) > 0 && compare(rise, most) <= 0) {
    // Back above a level that was left without evidence: up to there it was credited before.
    const { left } = state;
    const back = left !== null && compare(state.level, left) < 0 && compare(left, level) <= 0;
    const energy = millijoules(limits, back ? left : state.level, level);
    return settle(back ? { ...state, left: null } : state, reading, limits, energy, recovery(state, reading));
  }
  // A zero may be a fault of the display: the reading after it shows whether the register rolled over.
  if (limits.modulus !== null && compare(rise, ZERO) < 0 && compare(level, ZERO) !== 0) {
    const top = rational(limits.modulus);
    const rolled = subtract({ n: level.n + top.n * level.d, d: level.d }, state.level);
    // Less than 0: the settled level is from a larger modulus, which the declaration had before.
    if (compare(rolled, ZERO) >= 0 && compare(rolled, most) <= 0) {
      const energy = millijoules(limits, state.level, top) + millijoules(limits, ZERO, level);
      return settle(state, reading, limits, energy, {
        kind: 'rollover',
        detail: { old: show(state.level), new: show(level) },
      });
    }
  }
  return hold(state, reading, limits, compare(rise, ZERO) < 0 ? 'counter_fell' : 'counter_jumped');
}
