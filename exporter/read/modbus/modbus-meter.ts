import type { Meter } from '../../../model/schema/meter.ts';
import type { Gateways } from '../gateways.ts';
import { answerOf, placesOf } from '../meter-places.ts';
import { scaled } from './modbus-exponent.ts';
import { ModbusGateway } from './modbus-gateway.ts';
import { decodeRegisters, registerCount } from './modbus-registers.ts';
import type { MeterAnswer, Raw, Reader } from '../reader.ts';

/**
 * A meter behind Modbus TCP, or behind a converter that passes RTU frames on. Its registers are read in one turn of the
 * gateway, one request each: devices with holes in their register map refuse a request that spans them.
 */
export function modbusMeter({ id, source, registers }: Meter, gateways: Gateways): Reader<MeterAnswer> {
  if (source.protocol !== 'modbus-tcp') throw new TypeError(`meter ${id}: no Modbus source but ${source.protocol}`);
  const { address: gatewayAddress, framing, unit, timeout } = source;
  const places = placesOf(registers).map(({ quantity, register }) => {
    if (!('address' in register)) throw new TypeError(`meter ${id}: registers.${quantity} has no Modbus address`);
    return { quantity, ...register };
  });
  // A scale factor may change with the value, so it is read right after it.
  const requests = places.flatMap(({ function: code, address, type, exponent_address: exponent }) => [
    { unit, function: code, address, count: registerCount(type) },
    ...(exponent === undefined ? [] : [{ unit, function: code, address: exponent, count: 1 }]),
  ]);
  const open = () => new ModbusGateway(gatewayAddress, framing);
  const gateway = gateways.shared(`modbus-tcp ${gatewayAddress} ${framing}`, open);
  return {
    async read(signal) {
      const answers = (await gateway.read(requests, timeout, signal)).values();
      const next = () => answers.next().value ?? Buffer.alloc(0);
      return answerOf(
        places.map(({ quantity, type, order, exponent_address: exponent }) => {
          const wire = next();
          const raw: Raw = { value: decodeRegisters(wire, type, order), wire: wire.toString('hex') };
          if (exponent === undefined) return [quantity, raw];
          const power = next();
          const where = `${gatewayAddress} unit ${unit}: register ${exponent + 1}`;
          const value = scaled(raw.value, { type, order, wire: power, where });
          return [quantity, { value, wire: `${raw.wire} ${power.toString('hex')}` }];
        }),
      );
    },
    // the connection is shared: its registry closes it
    close: async () => {},
  };
}
