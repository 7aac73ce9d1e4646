import { compare, subtract } from '../../../model/rational.ts';
import type { Rejection } from '../../../model/reasons.ts';
import { longest, lostOf } from './register-gap.ts';
import { cap, outOfRange, type RegisterLimits } from './register-limits.ts';
import { between, firstReading, isZero, lowest, millijoules, nothing, said, show, ZERO } from './register-state.ts';
import type { Held, RegisterReading, RegisterState, RegisterVerdict as Verdict } from './register-state.ts';

/** Readings that must agree before a register is taken to have moved to another level: one and two further. */
const AGREE = 3;

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
 * it was at a level without evidence just before: what it counted there may be the same energy. A device that tells of
 * its resets did not tell of this one, and of several registers nobody knows which of them began again.
 */
function rebase(state: RegisterState, held: Held, reading: RegisterReading, limits: RegisterLimits): Verdict {
  const { first, count } = held;
  const from = reading.at - reading.gap;
  // The wall clock may have jumped since.
  const firstAt = Math.min(Math.max(from, held.firstAt), reading.at);
  const detail = { old: show(state.level), new: show(reading.level), readings: count + 1 };
  const settled = { ...firstReading(reading.level, reading.at), ...said(state, reading) };
  const guess = reading.restart === undefined && reading.parts === undefined && state.unconfirmed === undefined;
  const start = guess && isStart(held, from, limits);
  if (!start || state.left !== null) {
    const left = start ? null : lowest(state);
    return {
      state: { ...settled, left },
      spans: [nothing(state, reading)],
      unmetered: lostOf(state, from, reading.at),
      event: { kind: 'rebased', detail },
    };
  }
  return {
    state: settled,
    spans: [
      {
        from,
        to: firstAt,
        millijoules: millijoules(limits, ZERO, first),
        kind: 'unmetered',
        levels: between(state.level, first),
      },
      { from: firstAt, to: reading.at, millijoules: millijoules(limits, first, reading.level), kind: 'metered' },
    ],
    unmetered: lostOf(state, from, firstAt),
    event: { kind: 'reset', detail },
  };
}

/** What no register shows, alone or as one of several. */
export const rangeFault = ({ level, fault }: RegisterReading, limits: RegisterLimits): Rejection | null =>
  outOfRange(level, limits) ?? (fault === 'below_range' || fault === 'above_range' ? fault : null);

/** Whether a reading goes on from those that are held, and is not so much later that anything would. */
export function fits(held: Held, { level, at }: RegisterReading, limits: RegisterLimits): boolean {
  const rise = subtract(level, held.last);
  const gap = at - held.lastAt;
  return gap <= longest(limits.everyMs) && compare(rise, ZERO) >= 0 && compare(rise, cap(limits, level, gap)) <= 0;
}

/** A reading that fits neither the settled level nor a rollover: credit nothing, keep the level, remember it. */
export function hold(
  state: RegisterState,
  reading: RegisterReading,
  limits: RegisterLimits,
  rejected: Rejection,
): Verdict {
  const { level, at } = reading;
  const outside = rangeFault(reading, limits) !== null;
  const { held } = state;
  const agrees = !outside && held !== null && fits(held, reading, limits);
  if (agrees && held.count + 1 >= AGREE) {
    // A start that does not count has not shown yet that it is one.
    const counts = compare(level, held.first) > 0 || !isStart(held, at - reading.gap, limits);
    if (counts) return { ...rebase(state, held, reading, limits), rejected };
  }
  // No level to go on from: what no register shows, and a zero, with which a meter does not say yet where it starts again.
  const blank = outside || isZero(reading);
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
