import type { ExpositionSource, Meter } from '../../model/schema/meter.ts';
import { expositionMeter } from './exposition/exposition-meter.ts';
import { expositionSamples } from './exposition/exposition-samples.ts';
import type { Gateways } from './gateways.ts';
import { modbusMeter } from './modbus/modbus-meter.ts';
import type { ExpositionSample, MeterAnswer, Reader } from './reader.ts';

export { Gateways } from './gateways.ts';

/** How one protocol is read: meters, accelerator telemetry, or both. */
interface Protocol {
  readonly meter?: (meter: Meter, gateways: Gateways) => Reader<MeterAnswer>;
  readonly samples?: (source: ExpositionSource, keep?: (name: string) => boolean) => Reader<ExpositionSample[]>;
}

/** The one list of protocols. 'calculated' is not read: it follows from other meters. */
export const protocols: Readonly<Partial<Record<Meter['source']['protocol'], Protocol>>> = {
  'modbus-tcp': { meter: modbusMeter },
  exposition: { meter: expositionMeter, samples: expositionSamples },
};

/** A reader for one meter. Meters behind one Modbus gateway share its connection through `gateways`. */
export function openMeter(meter: Meter, gateways: Gateways): Reader<MeterAnswer> {
  const open = protocols[meter.source.protocol]?.meter;
  if (!open) throw new TypeError(`meter ${meter.id}: ${meter.source.protocol} has no reader`);
  return open(meter, gateways);
}

/** A reader for a source of samples. @param keep which metrics are wanted; default all */
export function openSamples(source: ExpositionSource, keep?: (name: string) => boolean): Reader<ExpositionSample[]> {
  const open = protocols[source.protocol]?.samples;
  if (!open) throw new TypeError(`${source.protocol} has no reader of samples`);
  return open(source, keep);
}
