import type { PoolSourceOf } from '../../../model/schema/sources.ts';
import type { Gateways } from '../gateways.ts';
import type { ExpositionSample, Reader } from '../reader.ts';
import { aligned, prometheusQuery } from './prometheus-query.ts';
import { equal, selector } from './promql.ts';

/** A source whose series are chosen by label matchers. */
export type MatchedSource = Omit<Extract<PoolSourceOf, { protocol: 'prometheus' }>, 'aggregate' | 'timestamps'>;

/** Scrapes of one round fall into different seconds; asking is aligned to whole ones. */
const SECOND_MS = 1000;

/**
 * The samples of these metrics that a Prometheus holds now, all by one query. They have no time of their own: a Prometheus
 * leaves out a series once its target no longer has it, and any that is older than its lookback of 5 minutes. So old may an
 * exporter's sample be here too, and a second query, timestamp(…), would double the cost to say the same.
 * @param now Unix ms
 */
export function prometheusSamples(
  source: MatchedSource,
  metrics: ReadonlySet<string>,
  gateways: Gateways,
  now: () => number = Date.now,
): Reader<ExpositionSample[]> {
  const server = prometheusQuery(source, gateways);
  const query = selector([...metrics], equal(source.matchers));
  return {
    async read(signal) {
      const { samples } = await server.query(query, { time: aligned(now(), SECOND_MS), signal });
      return samples.map(({ labels: { __name__: name = '', ...labels }, text }) => {
        return { name, labels, text, timestamp: null };
      });
    },
    close: () => server.close(),
  };
}
