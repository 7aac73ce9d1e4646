import type { Emit } from '../model/metrics/metric.ts';
import { powerWatts } from '../model/metrics/energy.ts';
import type { Rejection } from '../model/reasons.ts';
import type { Meter } from '../model/schema/meter.ts';
import type { Accountant } from './account/accountant.ts';
import { ageMeter, judgeMeter, type Instant } from './judge/meter.ts';
import type { MeterAnswer, ReadError } from './read/reader.ts';
import type { SourceUse } from './source.ts';

/** Gauges older than three intervals, and than five minutes, are not shown. */
export const staleAfter = (everyMs: number): number => Math.max(3 * everyMs, 300_000);

/** A meter's answers: judged, booked, and its power kept for display. */
export class MeterSource implements SourceUse<MeterAnswer> {
  readonly #meter: Meter;
  readonly #accountant: Accountant;
  #power: { watts: number; mono: number } | null = null;

  constructor(meter: Meter, accountant: Accountant) {
    this.#meter = meter;
    this.#accountant = accountant;
  }

  *answered(answer: MeterAnswer, now: Instant): Iterable<readonly [Rejection, number]> {
    const { id } = this.#meter;
    const judgement = judgeMeter(this.#meter, this.#accountant.stateOf(id), answer, now);
    this.#accountant.book(this.#meter, judgement, now.at);
    this.#power = judgement.watts === null ? null : { watts: judgement.watts, mono: now.mono };
    for (const reason of judgement.rejected) yield [reason, 1];
  }

  failed(error: ReadError, now: Instant, first: boolean): void {
    const { id, site } = this.#meter;
    this.#accountant.book(this.#meter, ageMeter(this.#meter, this.#accountant.stateOf(id), now), now.at);
    if (!first) return;
    const detail = { failure: error.failure, message: error.message };
    this.#accountant.note(site, id, { kind: 'silent', detail, wire: '' }, now.at);
  }

  back({ at }: Instant): void {
    this.#accountant.note(this.#meter.site, this.#meter.id, { kind: 'back', detail: {}, wire: '' }, at);
  }

  emit(emit: Emit, mono: number): void {
    const { id: meter, site, role, every } = this.#meter;
    if (this.#power && mono - this.#power.mono <= staleAfter(every)) {
      emit(powerWatts, { site, meter, role }, this.#power.watts);
    }
  }
}
