import type { Meter } from '../../model/schema/meter.ts';
import type { Gateways } from './gateways.ts';
import { decodeRegisters, registerCount } from './modbus-registers.ts';
import type { MeterAnswer, Raw, Reader } from './reader.ts';

/**
 * A meter behind Modbus TCP. Its registers are read in one turn of the gateway, one request each: devices with holes in
 * their register map refuse a request that spans them.
 */
export function modbusMeter({ id, source, registers }: Meter, gateways: Gateways): Reader<MeterAnswer> {
  if (source.protocol !== 'modbus-tcp') throw new TypeError(`meter ${id}: no Modbus source but ${source.protocol}`);
  const places = (['energy', 'power'] as const).flatMap((quantity) => {
    const register = registers[quantity];
    if (!register) return [];
    if (!('address' in register)) throw new TypeError(`meter ${id}: registers.${quantity} has no Modbus address`);
    return [{ quantity, ...register }];
  });
  const requests = places.map(({ function: code, address, type }) => {
    return { unit: source.unit, function: code, address, count: registerCount(type) };
  });
  const gateway = gateways.at(source.address);
  return {
    async read(signal) {
      const answer: { -readonly [Quantity in keyof MeterAnswer]: Raw } = {};
      for (const [index, bytes] of (await gateway.read(requests, source.timeout, signal)).entries()) {
        const { quantity, type, order } = places[index]!;
        answer[quantity] = { value: decodeRegisters(bytes, type, order), wire: bytes.toString('hex') };
      }
      return answer;
    },
    // the connection is shared: its registry closes it
    close: async () => {},
  };
}
