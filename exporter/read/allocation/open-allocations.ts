import type { Cluster } from '../../../model/schema/estate.ts';
import type { AllocationFamily } from '../../../model/schema/telemetry.ts';
import { expositionSamples } from '../exposition/exposition-samples.ts';
import type { Gateways } from '../gateways.ts';
import { kubernetesCluster } from '../kubernetes/kubernetes-cluster.ts';
import type { ExpositionSample, Reader } from '../reader.ts';
import { aligned, prometheusQuery } from '../prometheus/prometheus-query.ts';
import { equal } from '../prometheus/promql.ts';
import { allocationQuery } from './allocation-query.ts';
import { allocationsOf, metricsOf } from './allocation-samples.ts';
import type { Allocations, Wanted } from './allocations.ts';

const SECOND_MS = 1000;

interface AllocationOptions {
  readonly family: AllocationFamily;
  readonly wanted: Wanted;
  readonly gateways: Gateways;
  /** Age of a watched state from which it is no answer, ms */
  readonly maxAge: number;
}

/** Who holds which chips of a cluster, by the protocol that it declares. */
export function openAllocations(
  { context, allocation }: Cluster,
  { family, wanted, gateways, maxAge }: AllocationOptions,
): Reader<Allocations> {
  if (!allocation) throw new TypeError('the cluster declares no allocation');
  const { source } = allocation;
  if (source.protocol === 'kubernetes') return kubernetesCluster(source, { wanted, context, maxAge });
  const metrics = metricsOf(family);
  if (source.protocol === 'exposition')
    return sampled(expositionSamples(source, gateways, (name) => metrics.has(name)));
  const server = prometheusQuery(source, gateways);
  const query = allocationQuery(family, wanted.resources, equal(source.matchers));
  return sampled({
    async read(signal) {
      const { samples } = await server.query(query, { time: aligned(Date.now(), SECOND_MS), signal });
      return samples.map(({ labels: { __name__: name = '', ...labels }, text }) => {
        return { name, labels, text, timestamp: null };
      });
    },
    close: () => server.close(),
  });

  function sampled(reader: Reader<ExpositionSample[]>): Reader<Allocations> {
    return {
      read: async (signal) => allocationsOf(await reader.read(signal), family, wanted.resources),
      close: () => reader.close(),
    };
  }
}
