import type { Meter } from '../../../model/schema/meter.ts';
import type { Gateways } from '../gateways.ts';
import { withoutSecrets, type Json } from '../json/json-document.ts';
import { answerOf, placesOf } from '../meter-places.ts';
import type { MeterAnswer, Reader } from '../reader.ts';
import { locating } from '../transport/locating.ts';
import { concealing } from '../transport/secrets.ts';
import { shown } from '../transport/text-answer.ts';
import { redfishResource } from './redfish-service.ts';
import { redfishValue } from './redfish-property.ts';

/** A meter inside a server, PDU or UPS that speaks Redfish. Registers of one resource are read by one GET. */
export function redfishMeter({ id, source, registers }: Meter, gateways: Gateways): Reader<MeterAnswer> {
  if (source.protocol !== 'redfish') throw new TypeError(`meter ${id}: no Redfish source but ${source.protocol}`);
  const places = placesOf(registers).map(({ quantity, register }) => {
    if (!('resource' in register)) throw new TypeError(`meter ${id}: registers.${quantity} names no resource`);
    return { quantity, ...register };
  });
  const readers = new Map(
    places
      .map(({ resource }) => resource)
      .filter((resource, at, all) => all.indexOf(resource) === at)
      .map((resource) => [resource, redfishResource(source, resource, gateways)]),
  );
  const service = shown(new URL(source.url)).replace(/\/$/, '');
  return {
    async read(signal) {
      const documents = new Map<string, Json>();
      for (const [resource, reader] of readers) documents.set(resource, await reader.read(signal));
      return answerOf(
        places.map(({ quantity, resource, property }) => {
          const where = `${service}${resource}, ${quantity} of meter ${id} at ${JSON.stringify(property)}`;
          const { hide } = readers.get(resource)!;
          const safe = (document: Json): Json => withoutSecrets(document, hide);
          const valueIn = (document: Json) => redfishValue(document, property, quantity === 'restart', hide);
          return [quantity, locating(where, () => concealing(documents.get(resource)!, safe, valueIn))];
        }),
      );
    },
    close: async () => {
      for (const reader of readers.values()) await reader.close();
    },
  };
}
