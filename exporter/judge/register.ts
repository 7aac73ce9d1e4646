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
const BRIDGE_MS = 3_600_000;
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
});

/**
 * Time passed without a settled reading: after an hour (at once where the register is stuck) it counts as unmetered,
 * whatever a later reading may still bridge.
 */
export function ageGap(state: RegisterState, at: number, gap: number): Pick<Verdict, 'state' | 'unmetered'> {
  if (!state.stuck && gap <= BRIDGE_MS) return { state, unmetered: 0 };
  return {
    state: { ...state, unmeteredTo: Math.max(state.unmeteredTo, at) },
    unmetered: unmeteredOf(state, at - gap, at),
  };
}

/** Seconds of the open gap that have not yet been counted as unmetered; the caller counts them on. */
function unmeteredOf(state: RegisterState, from: number, to: number): number {
  return Math.max(0, to - Math.max(from, state.unmeteredTo));
}

/** Closes the open gap at `to` with `level`, crediting what rose from `base` (the settled level, or 0 after a reset). */
function settle(
  state: RegisterState,
  reading: RegisterReading,
  limits: RegisterLimits,
  energy: bigint,
  event: Verdict['event'],
): Verdict {
  const from = reading.at - reading.gap;
  const bridged = reading.gap > BRIDGE_MS;
  return {
    state: firstReading(reading.level, reading.at),
    spans: [{ from, to: reading.at, millijoules: energy, kind: bridged ? 'bridged' : 'metered' }],
    unmetered: bridged ? unmeteredOf(state, from, reading.at) : 0,
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
  const next = { ...state, held: null, doubts: 0 };
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

/** Two further readings agreed with a new level. Only a register that began again near zero is credited, from zero. */
function rebase(state: RegisterState, reading: RegisterReading, limits: RegisterLimits): Verdict {
  const { first, firstAt, count } = state.held as NonNullable<RegisterState['held']>;
  const from = reading.at - reading.gap;
  const untilFirst = Math.max(0, firstAt - from);
  // Near zero is what two intervals can bring, however long the gap: a replaced meter may start anywhere.
  const most = cap(limits, first, Math.min(untilFirst, 2 * limits.everyMs));
  const nearZero = compare(first, ZERO) >= 0 && compare(first, most) <= 0;
  const detail = { old: show(state.level), new: show(reading.level), readings: count + 1 };
  const settled = firstReading(reading.level, reading.at);
  if (!nearZero) {
    return {
      state: settled,
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
  if (held && agrees && held.count + 1 >= AGREE) return { ...rebase(state, reading, limits), rejected };
  // No level to go on from: what no register shows, and a zero, with which a meter does not say yet where it starts again.
  const blank = outside || (compare(level, ZERO) === 0 && !reading.idleOk && reading.watts !== 0);
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
      state: firstReading(level, reading.at),
      spans: [{ from, to: reading.at, millijoules: 0n, kind: 'unmetered' }],
      unmetered: unmeteredOf(state, from, reading.at),
      rejected: 'ambiguous_rollover',
      event: { kind: 'ambiguous_rollover', detail: { old: show(state.level), new: show(level), gap_ms: reading.gap } },
    };
  }
  if (compare(rise, ZERO) === 0) return unchanged(state, reading, limits);
  if (compare(rise, ZERO) > 0 && compare(rise, most) <= 0) {
    return settle(state, reading, limits, millijoules(limits, state.level, level), recovery(state, reading));
  }
  if (limits.modulus !== null && compare(rise, ZERO) < 0) {
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
