import type { Rejection } from '../../../model/reasons.ts';
import type { ExpositionSample } from '../../read/reader.ts';
import type { Refusals } from './device-refusals.ts';

export interface Timing {
  /** Wall clock at receipt, Unix ms */
  readonly received: number;
  /** Oldest explicit timestamp that is still a reading of now, ms: max(3 intervals, 5 min) */
  readonly maxAge: number;
  /** ignore: the declaration says that this source's stamps are wrong */
  readonly timestamps: 'honor' | 'ignore';
}

/** Clocks of two machines under NTP differ by far less. */
const FUTURE_MS = 60_000;
/** No accelerator exporter is older: npu-exporter has stamped seconds as if they were ms, which reads as January 1970. */
const FIRST_POSSIBLE = Date.UTC(2015, 0, 1);

/** When the sample was read, Unix ms; null where its own time makes it no reading of now. */
export function timeOf(sample: ExpositionSample, timing: Timing, refusals: Refusals): number | null {
  const { received } = timing;
  const fault = faultOf(sample.timestamp, timing);
  if (timing.timestamps === 'ignore') {
    if (fault !== null) refusals.count('ignored_timestamp');
    return received;
  }
  if (fault !== null) refusals.refuse(fault, sample, `received at ${received}`);
  if (fault === 'impossible_timestamp') return received;
  return fault === null ? (sample.timestamp ?? received) : null;
}

/** What is wrong with a sample's explicit time; null where it has none, or one that is near. */
export function faultOf(timestamp: number | null, { received, maxAge }: Omit<Timing, 'timestamps'>): Rejection | null {
  if (timestamp === null) return null;
  if (timestamp < FIRST_POSSIBLE) return 'impossible_timestamp';
  if (timestamp < received - maxAge) return 'stale_timestamp';
  return timestamp > received + FUTURE_MS ? 'future_timestamp' : null;
}
