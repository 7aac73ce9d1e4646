import { compare, rational, subtract, type Rational } from '../../../model/rational.ts';
import { BRIDGE_MS, unmeteredOf, unread } from './register-gap.ts';
import { cap, type RegisterLimits } from './register-limits.ts';
import { between, firstReading, millijoules, said, show, ZERO } from './register-state.ts';
import type { Held, RegisterReading, RegisterState, RegisterVerdict as Verdict } from './register-state.ts';

/** Closes the open gap with the reading's level and credits `energy` over it. */
export function settle(
  state: RegisterState,
  reading: RegisterReading,
  limits: RegisterLimits,
  energy: bigint,
  event: Verdict['event'],
): Verdict {
  const from = reading.at - reading.gap;
  const silence = unread(state, reading.gap);
  const bridged = silence > BRIDGE_MS;
  const span = { from, to: reading.at, millijoules: energy };
  const { left, unconfirmed = 0 } = state;
  return {
    state: {
      ...firstReading(reading.level, reading.at),
      left,
      ...(unconfirmed > 1 && { unconfirmed: unconfirmed - 1 }),
      ...said(state, reading),
    },
    spans: [
      bridged
        ? { ...span, kind: 'bridged', levels: between(state.level, reading.level) }
        : { ...span, kind: 'metered' },
    ],
    unmetered: bridged ? unmeteredOf(state, reading.at - silence, reading.at) : 0,
    event: bridged ? withGap(event, { from, to: reading.at, millijoules: String(energy) }) : event,
  };
}

/** That a gap was bridged is always told, if only beside what ended it. */
const withGap = (event: Verdict['event'], gap: { from: number; to: number; millijoules: string }): Verdict['event'] =>
  event
    ? { ...event, detail: { ...event.detail, bridged: `${gap.from} - ${gap.to}` } }
    : { kind: 'bridged', detail: gap };

/** What to say when a register goes on from its settled level. */
export function recovery(state: RegisterState, reading: RegisterReading): Verdict['event'] {
  if (state.doubts > 0) return { kind: 'transient', detail: { level: show(reading.level), readings: state.doubts } };
  if (state.stuck) return { kind: 'unstuck', detail: { level: show(reading.level), since: reading.at - reading.gap } };
  return undefined;
}

type Advance = Pick<Verdict, 'event'> & { readonly energy: bigint; readonly state: RegisterState };

/** What the register counted on its way from the settled level to this one, by a rise or a rollover; null where neither fits. */
export function advance(
  state: RegisterState,
  reading: RegisterReading,
  most: Rational,
  limits: RegisterLimits,
): Advance | null {
  const { level } = reading;
  const rise = subtract(level, state.level);
  if (compare(rise, ZERO) >= 0) {
    if (compare(rise, most) > 0) return null;
    // Back above a level that was left without evidence: up to there it was credited before.
    const { left } = state;
    const back = left !== null && compare(state.level, left) < 0 && compare(left, level) <= 0;
    const energy = millijoules(limits, back ? left : state.level, level);
    return { state: back ? { ...state, left: null } : state, energy, event: recovery(state, reading) };
  }
  // A zero may be a fault of the display: the reading after it shows whether the register rolled over.
  if (limits.modulus === null || compare(level, ZERO) === 0) return null;
  const top = rational(limits.modulus);
  const rolled = subtract({ n: level.n + top.n * level.d, d: level.d }, state.level);
  // Less than 0: the settled level is from a larger modulus, which the declaration had before.
  if (compare(rolled, ZERO) < 0 || compare(rolled, most) > 0) return null;
  const energy = millijoules(limits, state.level, top) + millijoules(limits, ZERO, level);
  return { state, energy, event: { kind: 'rollover', detail: { old: show(state.level), new: show(level) } } };
}

/** A long gap ends where a second reading goes on from the first one after it: the first settles it, the second what follows. */
export function confirm(
  state: RegisterState,
  held: Held,
  reading: RegisterReading,
  limits: RegisterLimits,
): Verdict | null {
  const since = Math.min(Math.max(0, reading.at - held.firstAt), reading.gap);
  const first = { ...reading, level: held.first, at: reading.at - since, gap: reading.gap - since };
  const most = cap(limits, held.first, first.gap);
  const way = advance({ ...state, held: null }, first, most, limits);
  if (way === null) return null;
  const before = settle(way.state, first, limits, way.energy, way.event);
  const after = settle(
    // What was counted as unmetered since the first of the two stays counted.
    { ...before.state, unmeteredTo: Math.max(before.state.unmeteredTo, state.unmeteredTo) },
    { ...reading, gap: since },
    limits,
    millijoules(limits, held.first, reading.level),
    undefined,
  );
  return {
    state: after.state,
    spans: [...before.spans, ...after.spans],
    unmetered: before.unmetered + after.unmetered,
    event: before.event,
  };
}

/** The first reading after a long gap: remembered until a second one confirms it. */
export function wait(state: RegisterState, { level, at }: RegisterReading): Verdict {
  return {
    state: { ...state, held: { first: level, firstAt: at, last: level, lastAt: at, count: 1 } },
    spans: [],
    unmetered: 0,
    event: { kind: 'held', detail: { level: show(level), settled: show(state.level), reason: 'alone' } },
  };
}
