import { parseDecimal } from '../../../model/rational.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import type { Gateways } from '../gateways.ts';
import { expositionSamples } from './exposition-samples.ts';
import { answerOf, placesOf } from '../meter-places.ts';
import { ReadError, type ExpositionSample, type MeterAnswer, type Reader } from '../reader.ts';
import { evidence, type Hide } from '../transport/secrets.ts';
import { shown } from '../transport/text-answer.ts';

/** Characters of a sample's labels in an error. */
const LABELS_SHOWN = 500;

interface Place {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A meter whose numbers stand in exposition text, each in exactly one sample. */
export function expositionMeter({ id, source, registers }: Meter, gateways: Gateways): Reader<MeterAnswer> {
  if (source.protocol !== 'exposition') throw new TypeError(`meter ${id}: no exposition source but ${source.protocol}`);
  const places = placesOf(registers).map(({ quantity, register }) => {
    if (!('metric' in register)) throw new TypeError(`meter ${id}: registers.${quantity} names no metric`);
    return { quantity, ...register };
  });
  const url = new URL(source.url);
  const metrics = new Set(places.map(({ metric }) => metric));
  const reader = expositionSamples(source, gateways, (name) => metrics.has(name));
  return {
    async read(signal) {
      const samples = await reader.read(signal);
      return answerOf(
        places.map((place) => {
          const where = `${shown(url)}, ${place.quantity} of meter ${id}`;
          const { text, timestamp } = onlySample(samples, place, where, reader.hide);
          return [place.quantity, { value: parseDecimal(text), wire: evidence(text, reader.hide), timestamp }];
        }),
      );
    },
    close: () => reader.close(),
  };
}

/** The one sample that has this name and at least these labels. */
function onlySample(
  samples: readonly ExpositionSample[],
  { metric, labels }: Place,
  what: string,
  hide: Hide,
): ExpositionSample {
  const wanted = Object.entries(labels);
  const named = samples.filter(({ name }) => name === metric);
  const found = named.filter((sample) => wanted.every(([label, value]) => sample.labels[label] === value));
  const [only] = found;
  if (only && found.length === 1) return only;
  const shownSamples = (found.length > 0 ? found : named)
    .slice(0, 3)
    .map((sample) => hide(JSON.stringify(sample.labels)).slice(0, LABELS_SHOWN));
  throw new ReadError(
    'protocol',
    `${what}: ${found.length} samples instead of 1 for ${metric} ${JSON.stringify(labels)}; ` +
      `the text has ${named.length} of this name: ${shownSamples.join(' ') || 'none'}`,
  );
}
