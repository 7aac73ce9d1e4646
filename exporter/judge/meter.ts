import { compare, subtract, type Rational } from '../../model/rational.ts';
import type { EventKind, Rejection } from '../../model/reasons.ts';
import type { EnergyRegister, Meter } from '../../model/schema/meter.ts';
import type { MeterAnswer, Raw } from '../read/reader.ts';
import { registerLimits, wattsOf } from './meter-scale.ts';
import type { Kept, MeterState } from './meter-state.ts';
import { refusedStamp } from './meter-time.ts';
import { agePower, judgePower, rejectPower, type PowerLimits } from './power.ts';
import { cap, outOfRange, type RegisterLimits } from './register-limits.ts';
import { ageGap, BRIDGE_MS, firstReading, judgeRegister, type RegisterState } from './register.ts';
import type { Span } from './verdict.ts';

export interface Instant {
  /** Unix ms */
  readonly at: number;
  /** monotonic ms */
  readonly mono: number;
}

export interface MeterEvent {
  readonly kind: EventKind;
  readonly detail: Readonly<Record<string, string | number>>;
  readonly wire: string;
}

/** What a reading comes to: energy to book, power to show, and what was not believed. */
export interface MeterJudgement {
  readonly state: MeterState;
  readonly spans: readonly Span[];
  readonly unmetered: number;
  readonly watts: number | null;
  readonly events: readonly MeterEvent[];
  readonly rejected: readonly Rejection[];
}

const powerLimits = (meter: Meter): PowerLimits => ({
  ratedWatts: meter.rated_kw * 1000,
  everyMs: meter.every,
  // Beside an energy register a zero is only shown, never integrated.
  idleOk: meter.idle_ok || meter.registers.energy !== undefined,
});

/** Whole milliseconds of one clock face: the gaps add up to the time that passed, whatever each was rounded by. */
const face = ({ mono }: Instant): number => Math.round(mono);

const gapOf = (kept: Kept<{ readonly at: number }>, now: Instant): number =>
  Math.round(kept.mono === null ? Math.max(0, now.at - kept.state.at) : face(now) - kept.mono);

/** Keeps the monotonic instant as long as `at` stays; a new `at` is this reading's. */
const keep = <S extends { readonly at: number }>(state: S, before: Kept<S> | null, now: Instant): Kept<S> => ({
  state,
  mono: before && before.state.at === state.at ? before.mono : face(now),
});

/** Judges one answer of a meter. An energy register, where there is one, is preferred to power. */
export function judgeMeter(meter: Meter, state: MeterState, answer: MeterAnswer, now: Instant): MeterJudgement {
  const late = refusedStamp(meter, answer, now.at);
  if (late) {
    const { reason, timestamp, wire } = late;
    const event: MeterEvent = { kind: 'timestamps', detail: { reason, timestamp }, wire };
    return { ...ageMeter(meter, state, now), events: [event], rejected: [reason] };
  }
  const events: MeterEvent[] = [];
  const rejected: Rejection[] = [];
  const limits = powerLimits(meter);
  let watts: number | null = null;
  if (answer.power) {
    const read = wattsOf(meter, answer.power, now.at);
    const why = rejectPower(read, limits);
    if (why === null) watts = read;
    else {
      rejected.push(why);
      const kind = why === 'not_a_number' ? 'no_number' : 'power_refused';
      events.push({ kind, detail: { register: 'power', reason: why, watts: String(read) }, wire: answer.power.wire });
    }
  }
  const register = meter.registers.energy;
  if (register && answer.energy)
    return judgeEnergy(meter, register, state, answer.energy, watts, now, { events, rejected });
  if (watts === null) return { ...ageMeter(meter, state, now), watts, events, rejected };
  const gap = state.power ? gapOf(state.power, now) : 0;
  const verdict = judgePower(state.power?.state ?? null, { watts, at: now.at, gap }, limits);
  if (verdict.event) events.push({ ...verdict.event, wire: answer.power?.wire ?? '' });
  const { spans, unmetered } = verdict;
  return {
    state: { ...state, power: keep(verdict.state, state.power, now) },
    spans,
    unmetered,
    watts,
    events,
    rejected,
  };
}

/** The first level that was read begins the register once this reading fits it: one reading alone may be a fault. */
function agreed(
  { first }: MeterState,
  level: Rational,
  limits: RegisterLimits,
  now: Instant,
): Kept<RegisterState> | null {
  if (first === null) return null;
  const rise = subtract(level, first.state.level);
  const fits = rise.n >= 0n && compare(rise, cap(limits, level, gapOf(first, now))) <= 0;
  return fits ? { state: firstReading(first.state.level, first.state.at), mono: first.mono } : null;
}

function judgeEnergy(
  meter: Meter,
  register: EnergyRegister,
  state: MeterState,
  raw: Raw,
  watts: number | null,
  now: Instant,
  { events, rejected }: { events: MeterEvent[]; rejected: Rejection[] },
): MeterJudgement {
  if (raw.value === null) {
    rejected.push('not_a_number');
    events.push({ kind: 'no_number', detail: { register: 'energy' }, wire: raw.wire });
    return { ...ageMeter(meter, state, now), watts, events, rejected };
  }
  const limits = registerLimits(meter, register, now.at);
  const second = agreed(state, raw.value, limits, now);
  const kept = state.register ?? second;
  // An imported level and one reading hours later are two lone figures: between them anything fits.
  const lone = kept?.state.imported && second === null && gapOf(kept, now) > BRIDGE_MS;
  if (kept === null || lone) {
    const outside = outOfRange(raw.value, limits);
    if (outside) {
      rejected.push(outside);
      events.push({ kind: 'held', detail: { reason: outside }, wire: raw.wire });
    }
    // A zero does not say yet where the register stands.
    const first = outside || raw.value.n === 0n ? null : { state: { level: raw.value, at: now.at }, mono: face(now) };
    return { state: { ...state, first }, spans: [], unmetered: 0, watts, events, rejected };
  }
  const reading = { level: raw.value, at: now.at, gap: gapOf(kept, now), watts, idleOk: meter.idle_ok };
  const verdict = judgeRegister(kept.state, reading, limits);
  const open = verdict.state.at === kept.state.at ? reading.gap : 0;
  const aged = ageGap(verdict.state, now.at, open);
  if (verdict.rejected) rejected.push(verdict.rejected);
  if (verdict.event) events.push({ ...verdict.event, wire: raw.wire });
  return {
    state: { ...state, first: null, register: keep(aged.state, kept, now) },
    spans: verdict.spans,
    unmetered: verdict.unmetered + aged.unmetered,
    watts,
    events,
    rejected,
  };
}

/** A cycle without a believable reading: the open gap grows, and counts as unmetered once it is too long. */
export function ageMeter(meter: Meter, state: MeterState, now: Instant): MeterJudgement {
  const nothing = { spans: [], watts: null, events: [], rejected: [] };
  if (state.register) {
    const aged = ageGap(state.register.state, now.at, gapOf(state.register, now));
    return {
      ...nothing,
      state: { ...state, register: { ...state.register, state: aged.state } },
      unmetered: aged.unmetered,
    };
  }
  if (state.power) {
    const aged = agePower(state.power.state, now.at, gapOf(state.power, now), powerLimits(meter));
    return { ...nothing, state: { ...state, power: { ...state.power, state: aged.state } }, unmetered: aged.unmetered };
  }
  return { ...nothing, state, unmetered: 0 };
}
