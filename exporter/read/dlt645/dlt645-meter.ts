import type { Meter } from '../../../model/schema/meter.ts';
import type { Gateways } from '../gateways.ts';
import { answerOf, placesOf } from '../meter-places.ts';
import { Dlt645Gateway } from './dlt645-gateway.ts';
import { knownItems, type Digits } from '../../../model/dlt645-items.ts';
import { decodeItem } from './dlt645-number.ts';
import { ReadError, type MeterAnswer, type Raw, type Reader } from '../reader.ts';

type Register = ReturnType<typeof placesOf>[number]['register'];
type Item = Extract<Register, { identifier: string }>;

/**
 * How an item's digits are read: as declared, else as the standard says.
 * @throws TypeError that says what the declaration lacks
 */
function digitsOf({ identifier, bytes, decimals, signed }: Item): Digits {
  const known = knownItems.get(identifier.toUpperCase());
  // Annex A: FFH in an identifier asks for all tariffs, phases or months at once.
  if (/^(..)*FF/i.test(identifier)) throw new TypeError(`identifier ${identifier} is a block, not one number`);
  const digits = { bytes: bytes ?? known?.bytes, decimals: decimals ?? known?.decimals };
  if (digits.bytes === undefined || digits.decimals === undefined) {
    throw new TypeError(`identifier ${identifier} is not among the common ones: declare its bytes and decimals`);
  }
  return { bytes: digits.bytes, decimals: digits.decimals, signed: signed || known?.signed === true };
}

/** A meter that speaks DL/T 645-2007 behind a TCP gateway. Its items are read in one turn of the line, one by one. */
export function dlt645Meter({ id, source, registers }: Meter, gateways: Gateways): Reader<MeterAnswer> {
  if (source.protocol !== 'dlt645') throw new TypeError(`meter ${id}: no DL/T 645 source but ${source.protocol}`);
  const { address, meter, timeout } = source;
  const places = placesOf(registers).map(({ quantity, register }) => {
    if (!('identifier' in register)) throw new TypeError(`meter ${id}: registers.${quantity} has no identifier`);
    try {
      return { quantity, identifier: register.identifier.toUpperCase(), digits: digitsOf(register) };
    } catch (cause) {
      throw new TypeError(`meter ${id}: registers.${quantity}: ${(cause as Error).message}`, { cause });
    }
  });
  const identifiers = places.map(({ identifier }) => identifier);
  const gateway = gateways.shared(`dlt645 ${address}`, () => new Dlt645Gateway(address));

  const rawOf = (bytes: Buffer, identifier: string, digits: Digits): Raw => {
    if (bytes.length !== digits.bytes) {
      const found = `item ${identifier} has ${bytes.length} bytes instead of ${digits.bytes}: ${bytes.toString('hex')}`;
      throw new ReadError('protocol', `${address} meter ${meter}: ${found}`);
    }
    return { value: decodeItem(bytes, digits), wire: bytes.toString('hex') };
  };
  return {
    async read(signal) {
      const items = await gateway.read(meter, identifiers, timeout, signal);
      return answerOf(
        places.map(({ quantity, identifier, digits }, index) => {
          return [quantity, rawOf(items[index] ?? Buffer.alloc(0), identifier, digits)];
        }),
      );
    },
    // the connection is shared: its registry closes it
    close: async () => {},
  };
}
