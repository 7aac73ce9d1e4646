import type { Family } from '../../../model/schema/telemetry.ts';
import type { ExpositionSample } from '../../read/reader.ts';
import type { Allocation } from './device.ts';
import type { Activity } from './device-merge.ts';
import { type Slices, sliceOf } from './device-slices.ts';

/** Which labels of this text hold a workload's pod and namespace; null: none does. */
export interface PodLabels {
  readonly pod: string | null;
  readonly namespace: string | null;
}

/**
 * Chosen once per text: behind another Prometheus the workload stands in `exported_pod`, and `pod` is the exporter's
 * own, also on the lines of idle cards which have no `exported_pod`.
 */
export function podLabels(samples: readonly ExpositionSample[], { pod, namespace }: Family): PodLabels {
  const used = (names: readonly string[]): string | null =>
    names.find((name) => samples.some(({ labels }) => (labels[name] ?? '') !== '')) ?? null;
  return { pod: used(pod), namespace: used(namespace) };
}

/** Who holds which part of one device; several pods on one card or slice count equally, because no exporter splits them. */
export function allocationsOf(
  heard: readonly { sample: ExpositionSample }[],
  family: Family,
  names: PodLabels,
  slices: Slices,
  activity: Activity | null,
): Allocation[] {
  const holders = new Map<string, { slice: string; namespace: string; pod: string }>();
  for (const { sample } of heard) {
    const pod = names.pod === null ? '' : (sample.labels[names.pod] ?? '');
    if (pod === '') continue;
    const namespace = names.namespace === null ? '' : (sample.labels[names.namespace] ?? '');
    const slice = sliceOf(sample, family);
    holders.set(JSON.stringify([slice, namespace, pod]), { slice, namespace, pod });
  }
  const bySlice = Map.groupBy([...holders].sort(byKey), ([, { slice }]) => slice);
  const allocations: Allocation[] = [];
  for (const [slice, share] of slices.size === 0 ? WHOLE : slices) {
    if (share === null) continue;
    const pods = bySlice.get(slice) ?? [];
    const work = activity && (activity.parts?.get(slice) ?? activity.value * share) / pods.length;
    for (const [, { namespace, pod }] of pods) {
      allocations.push({ namespace, pod, share: share / pods.length, activity: work });
    }
  }
  return allocations;
}

const WHOLE: Slices = new Map([['', 1]]);
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
