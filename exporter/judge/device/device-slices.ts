import type { Family } from '../../../model/schema/telemetry.ts';
import type { ExpositionSample } from '../../read/reader.ts';
import type { Refusals } from './device-refusals.ts';
import type { Row } from './device-value.ts';

/** Slice -> its share of the device, null where its profile is unknown; no entry where the device is whole. */
export type Slices = ReadonlyMap<string, number | null>;

/** The slice (MIG instance, partition) that a sample speaks of; '' is the whole device. */
export const sliceOf = ({ labels }: ExpositionSample, { slice }: Family): string =>
  slice ? (labels[slice.label] ?? '') : '';

/** All slices that any sample of one device names; an unknown profile refuses the slice's activity samples. */
export function slicesOf(
  heard: readonly { sample: ExpositionSample; row: Row }[],
  family: Family,
  refusals: Refusals,
): Slices {
  const shares = new Map<string, number | null>();
  if (!family.slice) return shares;
  const { profile, shares: known } = family.slice;
  for (const [slice, samples] of [...Map.groupBy(heard, ({ sample }) => sliceOf(sample, family))].sort(byKey)) {
    if (slice === '') continue;
    const profiles = new Set(samples.map(({ sample }) => sample.labels[profile] ?? ''));
    const [name = ''] = profiles;
    const share = profiles.size === 1 ? (known[name] ?? null) : null;
    shares.set(slice, share);
    const lost = samples.filter(({ row }) => row.quantity === 'activity').length;
    if (share !== null || lost === 0) continue;
    refusals.refuseAll('unknown_slice', lost, () => {
      const said = JSON.stringify([...profiles].sort().join(' / '));
      return `${JSON.stringify(samples[0]?.sample.labels)}: profile ${said} has no share in family ${family.id}`;
    });
  }
  return normalised(shares);
}

/** Rounded shares (7 x 0.143) must not make more than one device of the slices. */
function normalised(shares: ReadonlyMap<string, number | null>): Slices {
  const total = [...shares.values()].reduce<number>((sum, share) => sum + (share ?? 0), 0);
  if (total <= 1) return shares;
  return new Map([...shares].map(([slice, share]) => [slice, share === null ? null : share / total]));
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
