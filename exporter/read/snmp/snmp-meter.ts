import { multiply, rational, type Rational } from '../../../model/rational.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import type { Gateways } from '../gateways.ts';
import { answerOf, placesOf } from '../meter-places.ts';
import { ReadError, type MeterAnswer, type Raw, type Reader } from '../reader.ts';
import { snmpDevice } from './snmp-device.ts';
import { plainOid } from './snmp-oid.ts';
import { absence, snmpNumber, snmpWire, textNumber, type SnmpVariable } from './snmp-value.ts';

/** More decimal digits than any meter has: what a device shows there is something else. */
const MOST_DIGITS = 10;

/** A meter behind SNMP. All its OIDs, those of the decimal digits with them, are read by one GET. */
export function snmpMeter({ id, source, registers }: Meter, gateways: Gateways): Reader<MeterAnswer> {
  if (source.protocol !== 'snmp') throw new TypeError(`meter ${id}: no SNMP source but ${source.protocol}`);
  const places = placesOf(registers).map(({ quantity, register }) => {
    if (!('oid' in register)) throw new TypeError(`meter ${id}: registers.${quantity} has no OID`);
    const digits = register.digits_oid;
    return { quantity, oid: plainOid(register.oid), digits: digits === undefined ? null : plainOid(digits) };
  });
  const oids = [...new Set(places.flatMap(({ oid, digits }) => (digits === null ? [oid] : [oid, digits])))];
  const device = snmpDevice(source, gateways);
  const failed = (what: string) => new ReadError('protocol', `${device.address}, meter ${id}: ${what}`);
  return {
    async read(signal) {
      const variables = await device.get(oids, source, signal);
      const missing = variables.flatMap((one) => absence(one) && `OID ${one.oid} ${absence(one)}`);
      const told = missing.filter((one) => one !== undefined);
      if (told.length > 0) throw failed(told.join('; '));
      const at = new Map(variables.map((variable) => [variable.oid, variable]));
      return answerOf(
        places.map(({ quantity, oid, digits }) => {
          const raw = rawOf(at.get(oid)!, quantity === 'restart');
          return [quantity, digits === null ? raw : shifted(raw, at.get(digits)!, failed)];
        }),
      );
    },
    // the session is shared: its registry closes it
    close: async () => {},
  };
}

const rawOf = (variable: SnmpVariable, isRestart: boolean): Raw => ({
  value: snmpNumber(variable) ?? (isRestart ? textNumber(variable) : null),
  wire: snmpWire(variable),
});

/** The value with its decimal point where the device says that it stands. */
function shifted(raw: Raw, variable: SnmpVariable, failed: (what: string) => ReadError): Raw {
  const digits = snmpNumber(variable);
  const count = digits !== null && digits.d === 1n ? Number(digits.n) : NaN;
  if (!(Math.abs(count) <= MOST_DIGITS)) {
    const range = `a whole number from -${MOST_DIGITS} to ${MOST_DIGITS}`;
    throw failed(`OID ${variable.oid} shows ${snmpWire(variable)} decimal digits, not ${range}`);
  }
  return { value: raw.value && multiply(raw.value, power(-count)), wire: `${raw.wire}, ${count} decimal digits` };
}

const power = (exponent: number): Rational =>
  exponent >= 0 ? rational(10n ** BigInt(exponent)) : rational(1n, 10n ** BigInt(-exponent));
