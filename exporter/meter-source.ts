import type { Emit } from '../model/metrics/metric.ts';
import { meterCrossCheckRatio, powerWatts } from '../model/metrics/energy.ts';
import type { Rejection } from '../model/reasons.ts';
import type { Meter } from '../model/schema/meter.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import { EventRuns } from './judge/meter/event-runs.ts';
import { ageMeter, judgeMeter, type Instant, type MeterEvent } from './judge/meter/meter.ts';
import type { MeterAnswer, ReadError } from './read/reader.ts';
import type { SourceUse } from './source.ts';

/** Gauges older than three intervals, and than five minutes, are not shown. */
export const staleAfter = (everyMs: number): number => Math.max(3 * everyMs, 300_000);

/** A meter's answers: judged, booked, and its power kept for display. */
export class MeterSource implements SourceUse<MeterAnswer> {
  readonly #meter: Meter;
  readonly #accountant: Accountant;
  readonly #runs = new EventRuns();
  /** Of the last answer. */
  #shown: { watts: number | null; crossCheck: number | null; mono: number } | null = null;

  constructor(meter: Meter, accountant: Accountant) {
    this.#meter = meter;
    this.#accountant = accountant;
  }

  *answered(answer: MeterAnswer, now: Instant): Iterable<readonly [Rejection, number]> {
    const judgement = judgeMeter(this.#meter, this.#accountant.stateOf(this.#meter.id), answer, now);
    this.#accountant.book(this.#meter, { ...judgement, events: [] }, now.at);
    this.#tell(judgement.events, now);
    const { watts, crossCheck } = judgement;
    this.#shown = { watts, crossCheck, mono: now.mono };
    for (const reason of judgement.rejected) yield [reason, 1];
  }

  failed(error: ReadError, now: Instant, first: boolean): void {
    const aged = ageMeter(this.#meter, this.#accountant.stateOf(this.#meter.id), now);
    this.#accountant.book(this.#meter, aged, now.at);
    const detail = { failure: error.failure, message: error.message };
    this.#tell([], now);
    // Whoever is called at night looks for these two: each outage has its own.
    if (first) this.#note({ kind: 'silent', detail, wire: '' }, now.at);
  }

  back(now: Instant): void {
    this.#note({ kind: 'back', detail: {}, wire: '' }, now.at);
  }

  /** Hands over the repeats that are counted and not yet written; before the last commit. */
  flush(now: Instant): void {
    for (const { event, at } of this.#runs.flush(now)) this.#note(event, at);
  }

  #tell(events: readonly MeterEvent[], now: Instant): void {
    for (const { event, at } of this.#runs.pass(events, now)) this.#note(event, at);
  }

  #note(event: MeterEvent, at: number): void {
    this.#accountant.note(this.#meter.site, this.#meter.id, event, at);
  }

  emit(emit: Emit, mono: number): void {
    const { id: meter, site, role, every } = this.#meter;
    if (this.#shown === null || mono - this.#shown.mono > staleAfter(every)) return;
    const { watts, crossCheck } = this.#shown;
    if (watts !== null) emit(powerWatts, { site, meter, role }, watts);
    if (crossCheck !== null) emit(meterCrossCheckRatio, { site, meter }, crossCheck);
  }
}
