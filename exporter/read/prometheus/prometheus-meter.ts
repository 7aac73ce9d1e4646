import { parseDecimal } from '../../../model/rational.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import type { Gateways } from '../gateways.ts';
import { answerOf, placesOf } from '../meter-places.ts';
import { ReadError, type MeterAnswer, type Raw, type Reader } from '../reader.ts';
import { evidence } from '../transport/secrets.ts';
import { shown } from '../transport/text-answer.ts';
import { aligned, prometheusQuery } from './prometheus-query.ts';

/** What these give is no register: a change over a window, which a ledger would take for a counter that jumps about. */
const CHANGES = /^\W*(increase|rate|irate|delta|idelta|deriv)\b/;
const SHOWN = 5;
/** Characters of a sample's labels in an error. */
const LABELS_SHOWN = 500;

/**
 * A meter whose numbers are PromQL queries, each with exactly one sample as its answer. All are asked of one instant, a
 * whole multiple of the meter's interval. The answer's time is that of the evaluation, however old the sample is: a source
 * that went silent shows its last value for the server's lookback, 5 minutes.
 * @param now Unix ms
 */
export function prometheusMeter(
  { id, source, registers, every }: Meter,
  gateways: Gateways,
  now: () => number = Date.now,
): Reader<MeterAnswer> {
  if (source.protocol !== 'prometheus') throw new TypeError(`meter ${id}: no Prometheus source but ${source.protocol}`);
  const places = placesOf(registers).map(({ quantity, register }) => {
    if (!('query' in register)) throw new TypeError(`meter ${id}: registers.${quantity} has no query`);
    return { quantity, query: register.query };
  });
  const server = prometheusQuery(source, gateways);
  const where = shown(new URL(source.url));

  async function only(query: string, what: string, time: number, signal: AbortSignal): Promise<Raw> {
    const { samples } = await server.query(query, { time, signal });
    const [one] = samples;
    if (one && samples.length === 1)
      return { value: parseDecimal(one.text), wire: evidence(one.text, server.hide), timestamp: one.at };
    const labels = samples
      .slice(0, SHOWN)
      .map((sample) => server.hide(JSON.stringify(sample.labels)).slice(0, LABELS_SHOWN));
    const rest = samples.length > SHOWN ? ' …' : '';
    throw new ReadError(
      'protocol',
      `${where}, ${what} of meter ${id}: ${samples.length} samples instead of 1 for ${query}: ${labels.join(' ')}${rest}`,
    );
  }

  return {
    async read(signal) {
      const time = aligned(now(), every);
      for (const { quantity, query } of places)
        if (quantity !== 'power' && CHANGES.test(query))
          throw new ReadError(
            'protocol',
            `${where}, ${quantity} of meter ${id}: ${query} gives a change, not the register: ask for the raw counter`,
          );
      const raws = places.map(
        async ({ quantity, query }) => [quantity, await only(query, quantity, time, signal)] as const,
      );
      return answerOf(await Promise.all(raws));
    },
    close: () => server.close(),
  };
}
