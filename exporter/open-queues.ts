import type { Plan } from '../model/plan.ts';
import { isOfQueues } from './judge/queue/queue-samples.ts';
import { queueWorth } from './judge/queue/queue-worth.ts';
import type { Opening, Show } from './open-sources.ts';
import { QueueSource } from './queue-source.ts';
import { expositionSamples } from './read/exposition/exposition-samples.ts';
import { Source, type Polled } from './source.ts';

/** Opens the metrics of each Kueue of the sites, where its cluster declares them. */
export function openQueues(plan: Plan, { accountant, gateways, sites, at }: Opening) {
  const polled: Polled[] = [];
  const shows: Show[] = [];
  const tenants = new Set(plan.estate.tenants.map(({ id }) => id));
  for (const cluster of plan.estate.clusters) {
    const { id, site, kueue } = cluster;
    if (!kueue.enabled || !kueue.metrics || !sites.includes(site)) continue;
    const { source, every: everyMs } = kueue.metrics;
    const spec = { site, id: `${id}/kueue`, everyMs };
    const worth = queueWorth(plan, cluster, at);
    const use = new QueueSource({ ...spec, cluster: id, tenants, worth, accountant });
    polled.push(new Source(spec, expositionSamples(source, gateways, isOfQueues), use));
    shows.push((emit, mono) => use.emit(emit, mono));
  }
  return { polled, shows };
}
