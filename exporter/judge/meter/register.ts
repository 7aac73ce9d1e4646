import { compare, rational } from '../../../model/rational.ts';
import { isLong, lostOf, unmeteredOf } from './register-gap.ts';
import { fits, hold, rangeFault } from './register-hold.ts';
import { cap, stuckAfter, type RegisterLimits } from './register-limits.ts';
import { advance, confirm, recovery, settle, wait } from './register-settle.ts';
import { firstReading, isZero, lowest, millijoules, nothing, said, show, ZERO } from './register-state.ts';
import type { RegisterReading, RegisterState, RegisterVerdict as Verdict } from './register-state.ts';

/** The level did not move: nothing is settled, unless the meter idles; after a while the register is stuck. */
function unchanged(state: RegisterState, reading: RegisterReading, limits: RegisterLimits): Verdict {
  const from = reading.at - reading.gap;
  if (reading.idleOk || reading.watts === 0) return settle(state, reading, limits, 0n, recovery(state, reading));
  const stuck = state.stuck || reading.gap > stuckAfter(limits, state.level, reading.watts);
  const next = { ...state, held: null, doubts: 0, heardMs: reading.gap, ...said(state, reading) };
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

/** The device says that the register began again, and the level is one that it can have counted to since: credited from zero. */
function restart(state: RegisterState, reading: RegisterReading, limits: RegisterLimits): Verdict {
  const from = reading.at - reading.gap;
  return {
    state: { ...firstReading(reading.level, reading.at), left: state.left, ...said(state, reading) },
    spans: [{ ...nothing(state, reading), millijoules: millijoules(limits, ZERO, reading.level) }],
    unmetered: lostOf(state, from, reading.at),
    event: { kind: 'reset', detail: { old: show(state.level), new: show(reading.level) } },
  };
}

function judgeLevel(
  state: RegisterState,
  reading: RegisterReading,
  limits: RegisterLimits,
  restarted: boolean,
): Verdict {
  const { level, fault } = reading;
  const most = cap(limits, level, reading.gap);
  const outside = rangeFault(reading, limits);
  if (outside) return hold(state, reading, limits, outside);
  const hidden = limits.modulus !== null && compare(most, rational(limits.modulus)) >= 0;
  if (hidden || fault === 'ambiguous_rollover') {
    if (isZero(reading)) return hold(state, reading, limits, 'ambiguous_rollover');
    const from = reading.at - reading.gap;
    return {
      state: { ...firstReading(level, reading.at), left: lowest(state), ...said(state, reading) },
      spans: [nothing(state, reading)],
      unmetered: lostOf(state, from, reading.at),
      rejected: 'ambiguous_rollover',
      event: { kind: 'ambiguous_rollover', detail: { old: show(state.level), new: show(level), gap_ms: reading.gap } },
    };
  }
  if (fault) return hold(state, reading, limits, fault);
  const rise = compare(level, state.level);
  if (rise === 0) return unchanged(state, reading, limits);
  // A zero may be a fault of the whole answer; and of several registers nobody knows which of them began again.
  const evident = restarted && !isZero(reading) && !reading.parts && !state.unconfirmed;
  if (evident && rise < 0 && compare(level, most) <= 0) return restart(state, reading, limits);
  const way = advance(state, reading, most, limits);
  if (way === null) return hold(state, reading, limits, rise < 0 ? 'counter_fell' : 'counter_jumped');
  if (!isLong(state, reading.gap, limits.everyMs)) return settle(way.state, reading, limits, way.energy, way.event);
  const { held } = state;
  return (held && fits(held, reading, limits) && confirm(state, held, reading, limits)) || wait(state, reading);
}

/**
 * Judges one reading of an energy register (rules of the energy ledger). Credited energy is never more than the truth;
 * the shortfall shows as unmetered time.
 */
export function judgeRegister(state: RegisterState, reading: RegisterReading, limits: RegisterLimits): Verdict {
  const now = reading.restart ?? null;
  const before = state.restart;
  const restarted = before !== undefined && now !== null && compare(before, now) !== 0;
  const verdict = judgeLevel(state, reading, limits, restarted);
  // While a reading is held its evidence waits with it.
  if (!restarted || verdict.state.restart !== now) return verdict;
  const { kind, detail } = verdict.event ?? { kind: 'restart', detail: { level: show(reading.level) } };
  return {
    ...verdict,
    event: { kind, detail: { ...detail, evidence: 'restart', before: show(before), now: show(now) } },
  };
}
