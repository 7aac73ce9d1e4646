import type { Rejection } from '../../../model/reasons.ts';
import type { AllocationFamily } from '../../../model/schema/telemetry.ts';
import { ReadError, type ExpositionSample } from '../reader.ts';
import type { Allocations, Hold } from './allocations.ts';

type Labels = ExpositionSample['labels'];
type Matchers = Readonly<Record<string, string>>;

/** Names of the metrics that a family's rows speak of: the rest of the text is not kept. */
export const metricsOf = ({ metric, initial, alive, finished }: AllocationFamily): Set<string> =>
  new Set(
    [metric, initial, restartableOf(initial), alive, ...finished.map((one) => one.metric)].filter(
      (name) => name !== undefined,
    ),
  );

/** Label and value by which kube-state-metrics tells init containers that go on beside the others (native sidecars). */
export const RESTARTABLE: Matchers = { restart_policy: 'Always' };

/** The metric that has that label, beside the init containers' requests, which lack it (docs/metrics/workload/pod-metrics.md). */
export const restartableOf = (initial: string | undefined): string | undefined =>
  initial?.endsWith(REQUESTS) ? `${initial.slice(0, -REQUESTS.length)}_info` : undefined;
const REQUESTS = '_resource_requests';

/** What tells the containers of one pod apart beside its names: kube-state-metrics' labels, and HAMi's of both generations. */
const CONTAINER = [
  ['exported_uid', 'uid'],
  ['exported_container', 'container'],
  ['container_index', 'containeridx'],
];

const first = (labels: Labels, names: readonly string[]): string =>
  names.map((name) => labels[name] ?? '').find((value) => value !== '') ?? '';
const matches = ({ labels }: ExpositionSample, matchers: Matchers): boolean =>
  Object.entries(matchers).every(([label, value]) => labels[label] === value);

/** A resource's name, and as kube-state-metrics writes it (internal/store SanitizeLabelName): nvidia_com_gpu. */
export const writtenAs = (resource: string): string[] => [resource, resource.replaceAll(/[^a-zA-Z0-9_]/g, '_')];

/**
 * Which pod holds what, by an exporter's samples. Containers of one pod are added up, on each device apart.
 * Samples that differ in other labels alone (instance, replica) are one, of which the largest counts.
 * @param resources that count; a family without a label for them speaks of chips alone
 * @throws ReadError 'empty' where nothing in the samples is of this family: silence is not the same as nobody
 */
export function allocationsOf(
  samples: readonly ExpositionSample[],
  family: AllocationFamily,
  resources: ReadonlySet<string>,
): Allocations {
  if (!samples.some(({ name }) => name === family.metric || name === family.alive))
    throw new ReadError(
      'empty',
      `no sample of ${family.metric}${family.alive ? ` or ${family.alive}` : ''}, the metrics of allocation family ${family.id}: is it that exporter?`,
    );
  const written = new Map([...resources].flatMap((name) => writtenAs(name).map((text) => [text, name] as const)));
  const over = podsOver(samples, family);
  const beside = restartable(samples, family);
  const rejected = new Map<Rejection, number>();
  /** Two replicas of an exporter, or of the Prometheus that reads it, tell the same twice: each container counts once. */
  const containers = new Map<string, { hold: Hold; isFirst: boolean }>();
  for (const sample of samples) {
    const isInitial = sample.name === family.initial;
    if ((!isInitial && sample.name !== family.metric) || !matches(sample, family.matchers)) continue;
    const hold = holdOf(sample, family, written);
    if (hold === null) continue;
    const key = JSON.stringify([sample.name, containerKey(sample, family), hold.node, hold.resource, hold.device]);
    const most = Math.max(containers.get(key)?.hold.chips ?? 0, hold.chips);
    if (!(hold.chips >= 0)) rejected.set('not_a_number', (rejected.get('not_a_number') ?? 0) + 1);
    else if (hold.chips > 0 && !over.has(podKey(hold.namespace, hold.pod))) {
      const isFirst = isInitial && !beside.has(containerKey(sample, family));
      containers.set(key, { hold: { ...hold, chips: most }, isFirst });
    }
  }
  const running = new Map<string, Hold>();
  const beginning = new Map<string, Hold>();
  for (const { hold, isFirst } of containers.values()) {
    // Init containers run one after the other, so of these the neediest counts.
    if (isFirst) put(beginning, hold, Math.max);
    else put(running, hold, (a, b) => a + b);
  }
  for (const hold of beginning.values()) put(running, hold, Math.max);
  return { holds: [...running.values()], nodes: null, rejected };
}

const podKey = (namespace: string, pod: string): string => JSON.stringify([namespace, pod]);

const containerKey = ({ labels }: ExpositionSample, { namespace, pod }: AllocationFamily): string =>
  JSON.stringify([namespace, pod, ...CONTAINER].map((names) => first(labels, names)));

/**
 * Init containers that go on beside the others, so that their chips are added. Those that run before or after one of them
 * are not told apart, because the samples do not say the order: the neediest of the others may be taken too low by that.
 */
function restartable(samples: readonly ExpositionSample[], family: AllocationFamily): Set<string> {
  const told = new Set([family.initial, restartableOf(family.initial)]);
  const found = samples.filter((sample) => told.has(sample.name) && matches(sample, RESTARTABLE));
  return new Set(found.map((sample) => containerKey(sample, family)));
}

/** Pods that are over: an exporter that shows what the API server has shows their requests too. */
function podsOver(samples: readonly ExpositionSample[], family: AllocationFamily): Set<string> {
  const over = new Set<string>();
  for (const { metric, matchers } of family.finished)
    for (const sample of samples)
      if (sample.name === metric && Number(sample.text) > 0 && matches(sample, matchers))
        over.add(podKey(first(sample.labels, family.namespace), first(sample.labels, family.pod)));
  return over;
}

/** null: of no interest, because it has no node yet or is of another resource. */
function holdOf(
  { labels, text }: ExpositionSample,
  family: AllocationFamily,
  written: ReadonlyMap<string, string>,
): Hold | null {
  const named = first(labels, family.resource);
  const resource = written.get(named) ?? null;
  const node = first(labels, family.node);
  if (node === '' || (family.resource.length > 0 && resource === null)) return null;
  const value = Number(text);
  return {
    node,
    namespace: first(labels, family.namespace),
    pod: first(labels, family.pod),
    device: first(labels, family.device) || null,
    resource,
    chips: family.whole.includes(value) ? 1 : value * family.factor,
  };
}

function put(holds: Map<string, Hold>, hold: Hold, merge: (a: number, b: number) => number): void {
  const key = JSON.stringify([hold.node, hold.namespace, hold.pod, hold.device, hold.resource]);
  const before = holds.get(key);
  holds.set(key, before ? { ...hold, chips: merge(before.chips, hold.chips) } : hold);
}
