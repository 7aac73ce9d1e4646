import type { Rejection } from '../../../model/reasons.ts';
import type { ExpositionSample } from '../../read/reader.ts';

export interface Refusal {
  readonly reason: Rejection;
  /** The offending line or device, with the value: evidence for an event */
  readonly what: string;
}

/** Enough to see the pattern; a broken exporter of 1,000 cards must not write 1,000 events a cycle. */
const EVIDENCE_PER_REASON = 5;
const EVIDENCE_LENGTH = 400;

/** Counts what was not believed and keeps the first few of each reason as evidence. */
export class Refusals {
  readonly counts = new Map<Rejection, number>();
  readonly evidence: Refusal[] = [];

  count(reason: Rejection, samples = 1): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + samples);
  }

  refuse(reason: Rejection, sample: ExpositionSample, note = ''): void {
    this.count(reason);
    this.tell(reason, () => line(sample) + (note && `: ${note}`));
  }

  /** Refuses what several samples say together. */
  refuseAll(reason: Rejection, samples: number, what: () => string): void {
    this.count(reason, samples);
    this.tell(reason, what);
  }

  private tell(reason: Rejection, what: () => string): void {
    const told = this.evidence.filter((refusal) => refusal.reason === reason).length;
    if (told < EVIDENCE_PER_REASON) this.evidence.push({ reason, what: what().slice(0, EVIDENCE_LENGTH) });
  }
}

/** The sample as a line of exposition text. */
function line({ name, labels, text, timestamp }: ExpositionSample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(',')}} ${text}${timestamp === null ? '' : ` ${timestamp}`}`;
}
