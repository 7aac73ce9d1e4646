import { compare, subtract } from '../../../model/rational.ts';
import type { Rejection } from '../../../model/reasons.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import type { MeterAnswer } from '../../read/reader.ts';
import { type EnergyReading, energyReading, energyWire } from './energy-reading.ts';
import type { Instant, MeterEvent, MeterJudgement } from './meter.ts';
import type { Kept, MeterState } from './meter-state.ts';
import { face, gapOf } from './meter-time.ts';
import { ageGap } from './register-gap.ts';
import { cap, outOfRange } from './register-limits.ts';
import { firstReading, isZero, show, type RegisterState } from './register-state.ts';
import { judgeRegister } from './register.ts';

type Judged = Pick<MeterJudgement, 'state' | 'spans' | 'unmetered' | 'events' | 'rejected'>;

/** The first level that was read begins the register once this reading fits it: one reading alone may be a fault. */
function agreed(
  { first }: MeterState,
  { level, fault, limits }: EnergyReading,
  gap: number,
): Kept<RegisterState> | null {
  if (first === null || fault) return null;
  const rise = subtract(level, first.state.level);
  if (rise.n < 0n || compare(rise, cap(limits, level, gap)) > 0) return null;
  const { level: settled, at, parts } = first.state;
  return { state: { ...firstReading(settled, at), unconfirmed: 2, ...(parts && { parts }) }, mono: first.mono };
}

/** Judges the energy registers of an answer; a register that shows no number is refused, and its gap grows. */
export function judgeEnergy(
  meter: Meter,
  state: MeterState,
  answer: MeterAnswer,
  watts: number | null,
  now: Instant,
): Judged {
  const wire = energyWire(answer);
  const before = state.register ?? state.first;
  const gap = before ? gapOf(before, now) : 0;
  const read = energyReading(meter, answer, before?.state ?? null, gap, now.at);
  const told = (rejected: readonly Rejection[], event: Omit<MeterEvent, 'wire'> | undefined) => ({
    rejected,
    events: event ? [{ ...event, wire }] : [],
  });
  if (read === null) {
    const aged = state.register && ageGap(state.register.state, now.at, gap);
    return {
      state: aged && state.register ? { ...state, register: { ...state.register, state: aged.state } } : state,
      spans: [],
      unmetered: aged?.unmetered ?? 0,
      ...told(['not_a_number'], { kind: 'no_number', detail: { register: 'energy' } }),
    };
  }
  const kept = state.register ?? agreed(state, read, gap);
  if (kept === null) return { ...begin(meter, state, answer, now, told), spans: [], unmetered: 0 };
  const { limits, ...energy } = read;
  const restart = answer.restart && { restart: answer.restart.value };
  const reading = { ...energy, ...restart, at: now.at, gap, watts, idleOk: meter.idle_ok };
  const verdict = judgeRegister(kept.state, reading, limits);
  const settled = verdict.state.level !== kept.state.level;
  const aged = ageGap(verdict.state, now.at, settled ? 0 : gap);
  return {
    state: { ...state, first: null, register: { state: aged.state, mono: settled ? face(now) : kept.mono } },
    spans: verdict.spans,
    unmetered: verdict.unmetered + aged.unmetered,
    ...told(verdict.rejected ? [verdict.rejected] : [], verdict.event),
  };
}

/**
 * No level yet to compare with: this one is remembered, unless no register shows it, or it is a zero, which does not say
 * where it stands. Where it disagrees with the one before it, one of the two was a fault: that is told.
 */
function begin(
  meter: Meter,
  state: MeterState,
  answer: MeterAnswer,
  now: Instant,
  told: (
    rejected: readonly Rejection[],
    event: Omit<MeterEvent, 'wire'> | undefined,
  ) => Pick<Judged, 'rejected' | 'events'>,
): Pick<Judged, 'state' | 'rejected' | 'events'> {
  const read = energyReading(meter, answer, null, 0, now.at);
  if (read === null) return { state, ...told([], undefined) };
  const { level, parts, limits } = read;
  const before = state.first?.state.level;
  const outside = read.fault === 'below_range' || read.fault === 'above_range' ? read.fault : outOfRange(level, limits);
  const zero = isZero(read);
  const first = outside || zero ? null : { state: { level, at: now.at, ...(parts && { parts }) }, mono: face(now) };
  const apart = before && (compare(level, before) < 0 ? 'counter_fell' : 'counter_jumped');
  const why = outside ?? apart;
  const detail = { level: show(level), ...(before && { first: show(before) }), reason: why ?? 'zero' };
  return {
    state: { ...state, first },
    ...told(why ? [why] : [], why || zero ? { kind: 'held', detail } : undefined),
  };
}
