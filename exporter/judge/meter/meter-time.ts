import type { Rejection } from '../../../model/reasons.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import type { MeterAnswer } from '../../read/reader.ts';
import { faultOf } from '../device/device-time.ts';
import type { Instant } from './meter.ts';
import type { Kept } from './meter-state.ts';

/** Whole milliseconds of one clock face: the gaps add up to the time that passed, whatever each was rounded by. */
export const face = ({ mono }: Instant): number => Math.round(mono);

export const gapOf = (kept: Kept<{ readonly at: number }>, now: Instant): number =>
  Math.round(kept.mono === null ? Math.max(0, now.at - kept.state.at) : face(now) - kept.mono);

/** An answer whose own time makes it no reading of now, as that of a cache which stands still; null where it can be believed. */
export function refusedStamp(
  meter: Meter,
  { energy, tariffs = [], power, restart }: MeterAnswer,
  received: number,
): { reason: Rejection; timestamp: number; wire: string } | null {
  const { source, every } = meter;
  if ('timestamps' in source && source.timestamps === 'ignore') return null;
  const maxAge = Math.max(3 * every, 300_000);
  for (const raw of [energy, ...tariffs, power, restart]) {
    const timestamp = raw?.timestamp ?? null;
    const reason = faultOf(timestamp, { received, maxAge });
    // A stamp before any device is no stamp: the time of receipt holds.
    if (raw && timestamp !== null && reason !== null && reason !== 'impossible_timestamp')
      return { reason, timestamp, wire: raw.wire };
  }
  return null;
}
