import type { Rejection } from '../../model/reasons.ts';
import type { Meter } from '../../model/schema/meter.ts';
import type { MeterAnswer } from '../read/reader.ts';
import { faultOf } from './device-time.ts';

/** An answer whose own time makes it no reading of now, as that of a cache which stands still; null where it can be believed. */
export function refusedStamp(
  meter: Meter,
  { energy, power }: MeterAnswer,
  received: number,
): { reason: Rejection; timestamp: number; wire: string } | null {
  const { source, every } = meter;
  if (source.protocol !== 'exposition' || source.timestamps === 'ignore') return null;
  const maxAge = Math.max(3 * every, 300_000);
  for (const raw of [energy, power]) {
    const timestamp = raw?.timestamp ?? null;
    const reason = faultOf(timestamp, { received, maxAge });
    // A stamp before any device is no stamp: the time of receipt holds.
    if (raw && timestamp !== null && reason !== null && reason !== 'impossible_timestamp')
      return { reason, timestamp, wire: raw.wire };
  }
  return null;
}
