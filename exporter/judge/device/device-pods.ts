import type { Pool } from '../../../model/schema/estate.ts';
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

/** No label of a text says who holds what. */
export const NOBODY: PodLabels = { pod: null, namespace: null };

/** The label by which Kubernetes service discovery names the scraped pod itself, on each of its samples. */
const TARGET_POD = 'pod';

/** Whether a label may name the exporter's own pod: a server that renames gives the workload's another name, listed first. */
export const mayBeOwn = (label: string | null, { pod }: Family): boolean =>
  label === TARGET_POD && pod.indexOf(label) > 0;

/** Whether the declaration says that the server keeps the exporter's own labels. */
export const keepsLabels = ({ telemetry }: Pool): boolean =>
  telemetry?.source.protocol === 'prometheus' && telemetry.source.honor_labels === true;

/**
 * Chosen once per text. Behind another Prometheus (its samples have `instance`) the workload stands in `exported_pod`, and
 * `pod` is the exporter's own, also on the lines of idle cards, and once nobody holds a card there is no `exported_pod`
 * at all. So there a plain `pod` is the workload's only where it cannot be the target's: what a server attaches is on all
 * samples of a job, and the same on all of one instance. A `pod` that is empty on some samples of a job, or differs
 * within an instance, was written by the exporter, and the server keeps its labels (honor_labels: true).
 * Limit: with honor_labels: true, while every card of every node is held and each node's cards by one pod, this looks like
 * the exporter's own, and nobody is seen to hold anything; `honor_labels: true` in the pool's source says otherwise.
 */
export function podLabels(
  samples: readonly ExpositionSample[],
  { family, pool }: { readonly family: Family; readonly pool: Pool },
): PodLabels {
  const used = (names: readonly string[]): string | null =>
    names.find((name) => samples.some(({ labels }) => (labels[name] ?? '') !== '')) ?? null;
  const pod = used(family.pod);
  if (pod === null || (mayBeOwn(pod, family) && !keepsLabels(pool) && isTargets(samples, pod))) return NOBODY;
  return { pod, namespace: used(family.namespace) };
}

/** Whether a label is what a server attached to its targets, as far as these samples can tell. */
function isTargets(samples: readonly ExpositionSample[], label: string): boolean {
  if (samples.every(({ labels }) => (labels['instance'] ?? '') === '')) return false;
  const byJob = Map.groupBy(samples, ({ labels }) => labels['job'] ?? '');
  return [...byJob.values()].every((ofJob) => {
    const seen = new Map<string, string>();
    for (const { labels } of ofJob) {
      const [instance, value] = [labels['instance'] ?? '', labels[label] ?? ''];
      if ((seen.get(instance) ?? value) !== value) return false;
      seen.set(instance, value);
    }
    const values = [...seen.values()];
    return values.every((value) => value === '') || values.every((value) => value !== '');
  });
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
