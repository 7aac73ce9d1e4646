import type { EventKind, Rejection } from '../../../model/reasons.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import type { MeterAnswer } from '../../read/reader.ts';
import { crossMeter } from './cross-meter.ts';
import { judgeEnergy } from './meter-energy.ts';
import { wattsOf } from './meter-scale.ts';
import type { MeterState } from './meter-state.ts';
import { withoutPlaceholders } from './meter-placeholders.ts';
import { face, gapOf, refusedStamp } from './meter-time.ts';
import { agePower, judgePower, rejectPower, type PowerLimits } from './power.ts';
import { ageGap } from './register-gap.ts';
import type { Span } from '../verdict.ts';

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
  /** Register energy / integrated power of the last finished window, of a meter that shows both. */
  readonly crossCheck: number | null;
}

const countsEnergy = ({ registers: { energy, tariffs } }: Meter): boolean => (energy ?? tariffs) !== undefined;

const powerLimits = (meter: Meter): PowerLimits => ({
  ratedWatts: meter.rated_kw * 1000,
  everyMs: meter.every,
  // Beside an energy register a zero is only shown, never integrated.
  idleOk: meter.idle_ok || countsEnergy(meter),
});

/** Judges one answer of a meter. An energy register, where there is one, is preferred to power. */
export function judgeMeter(meter: Meter, state: MeterState, told: MeterAnswer, now: Instant): MeterJudgement {
  const { answer, placeholders } = withoutPlaceholders(meter, told);
  const late = refusedStamp(meter, answer, now.at);
  if (late) {
    const { reason, timestamp, wire } = late;
    const event: MeterEvent = { kind: 'timestamps', detail: { reason, timestamp }, wire };
    return { ...ageMeter(meter, state, now), events: [event], rejected: [reason] };
  }
  const events: MeterEvent[] = [];
  const rejected: Rejection[] = [...placeholders];
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
  if (answer.restart?.value === null) {
    rejected.push('not_a_number');
    events.push({ kind: 'no_number', detail: { register: 'restart' }, wire: answer.restart.wire });
  }
  if (countsEnergy(meter)) {
    const energy = judgeEnergy(meter, state, answer, watts, now);
    const cross = crossMeter(meter, state.cross, answer, watts, now);
    return {
      ...energy,
      state: { ...energy.state, ...(cross.state && { cross: cross.state }) },
      watts,
      events: [...events, ...energy.events, ...cross.events],
      rejected: [...rejected, ...energy.rejected],
      crossCheck: cross.state?.ratio ?? null,
    };
  }
  if (watts === null) return { ...ageMeter(meter, state, now), watts, events, rejected };
  const gap = state.power ? gapOf(state.power, now) : 0;
  const verdict = judgePower(state.power?.state ?? null, { watts, at: now.at, gap }, limits);
  if (verdict.event) events.push({ ...verdict.event, wire: answer.power?.wire ?? '' });
  const { spans, unmetered } = verdict;
  return {
    state: { ...state, power: { state: verdict.state, mono: face(now) } },
    spans,
    unmetered,
    watts,
    events,
    rejected,
    crossCheck: null,
  };
}

/** A cycle without a believable reading: the open gap grows, and counts as unmetered once it is too long. */
export function ageMeter(meter: Meter, state: MeterState, now: Instant): MeterJudgement {
  const nothing = { spans: [], watts: null, events: [], rejected: [], crossCheck: state.cross?.ratio ?? null };
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
