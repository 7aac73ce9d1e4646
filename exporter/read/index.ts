import type { Meter } from '../../model/schema/meter.ts';
import type { PoolEndpoint } from '../../model/pool-endpoints.ts';
import type { MeterProtocol } from '../../model/schema/sources.ts';
import { dlt645Meter } from './dlt645/dlt645-meter.ts';
import { expositionMeter } from './exposition/exposition-meter.ts';
import { expositionSamples } from './exposition/exposition-samples.ts';
import type { Gateways } from './gateways.ts';
import { jsonMeter } from './json/json-meter.ts';
import { modbusMeter } from './modbus/modbus-meter.ts';
import { prometheusMeter } from './prometheus/prometheus-meter.ts';
import { prometheusSamples } from './prometheus/prometheus-samples.ts';
import type { ExpositionSample, MeterAnswer, Reader } from './reader.ts';
import { redfishMeter } from './redfish/redfish-meter.ts';
import { snmpMeter } from './snmp/snmp-meter.ts';

export { Gateways } from './gateways.ts';

/** How meters of one protocol are read. Meters behind one device or gateway share its connection through `gateways`. */
type OpenMeter = (meter: Meter, gateways: Gateways) => Reader<MeterAnswer>;

/** The one list of protocols. 'calculated' is not read: it follows from other meters. Files are put, not asked for. */
export const protocols: Readonly<Partial<Record<MeterProtocol, OpenMeter>>> = {
  'modbus-tcp': modbusMeter,
  dlt645: dlt645Meter,
  exposition: expositionMeter,
  'http-json': jsonMeter,
  prometheus: prometheusMeter,
  redfish: redfishMeter,
  snmp: snmpMeter,
};

/** A reader for one meter. */
export function openMeter(meter: Meter, gateways: Gateways): Reader<MeterAnswer> {
  const open = protocols[meter.source.protocol];
  if (!open) throw new TypeError(`meter ${meter.id}: ${meter.source.protocol} has no reader`);
  return open(meter, gateways);
}

/**
 * A reader for the samples of accelerators.
 * @param metrics names of the metrics that somebody wants: a Prometheus is asked for these alone
 */
export function openSamples(
  source: PoolEndpoint['source'],
  metrics: ReadonlySet<string>,
  gateways: Gateways,
): Reader<ExpositionSample[]> {
  if (source.protocol === 'exposition') return expositionSamples(source, gateways);
  return prometheusSamples(source, metrics, gateways);
}
