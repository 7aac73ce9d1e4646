import type { Meter } from '../../../model/schema/meter.ts';
import type { Gateways } from '../gateways.ts';
import { answerOf, placesOf } from '../meter-places.ts';
import { ModbusGateway } from './modbus-gateway.ts';
import { decodeRegisters, registerCount } from './modbus-registers.ts';
import type { MeterAnswer, Reader } from '../reader.ts';

/**
 * A meter behind Modbus TCP. Its registers are read in one turn of the gateway, one request each: devices with holes in
 * their register map refuse a request that spans them.
 */
export function modbusMeter({ id, source, registers }: Meter, gateways: Gateways): Reader<MeterAnswer> {
  if (source.protocol !== 'modbus-tcp') throw new TypeError(`meter ${id}: no Modbus source but ${source.protocol}`);
  const places = placesOf(registers).map(({ quantity, register }) => {
    if (!('address' in register)) throw new TypeError(`meter ${id}: registers.${quantity} has no Modbus address`);
    return { quantity, ...register };
  });
  const requests = places.map(({ function: code, address, type }) => {
    return { unit: source.unit, function: code, address, count: registerCount(type) };
  });
  const gateway = gateways.shared(`modbus-tcp ${source.address}`, () => new ModbusGateway(source.address));
  return {
    async read(signal) {
      const answers = await gateway.read(requests, source.timeout, signal);
      return answerOf(
        answers.map((bytes, index) => {
          const { quantity, type, order } = places[index]!;
          return [quantity, { value: decodeRegisters(bytes, type, order), wire: bytes.toString('hex') }];
        }),
      );
    },
    // the connection is shared: its registry closes it
    close: async () => {},
  };
}
