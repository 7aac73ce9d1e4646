import { z } from 'zod';
import { duration, factor, offset, slug, text, time } from './common.ts';
import { places, registerTypes } from './places.ts';
import { meterSource } from './sources.ts';

const roles = ['facility', 'it', 'cooling', 'ups', 'lighting', 'other', 'reuse', 'water'] as const;
/** A raw value at which the register starts again, 'none' where it never does within the meter's life. */
const modulus = z.union([z.literal('none').transform(() => null), z.int().positive().transform(BigInt)]);
/** Registers of one meter add up: what flows the other way is another meter, with its own `direction`. */
const sign = z.literal(1, { error: 'sign' }).optional();
/** Raw values that mean 'no reading': APC's -1, SunSpec's 32768 */
const sentinels = z.array(z.number()).optional();
const energyScale = { scale_to_wh: factor.optional(), scale_to_j: factor.optional(), modulus, sign, sentinels };
const powerScale = { scale_to_w: factor, offset: offset.optional(), sentinels };
/** A water meter's register. Litres are booked as joules are: what a ledger does with a register is the same for both. */
const volumeScale = { scale_to_l: factor, modulus, sentinels };

/** A register of any protocol, with what its number means. */
const anyPlace = <S extends z.core.$ZodLooseShape, M extends z.core.$ZodLooseShape>(scale: S, modbus: M) =>
  z.union([
    z.strictObject({ ...modbus, ...scale }),
    z.strictObject({ ...places.exposition, ...scale }),
    z.strictObject({ ...places.snmp, ...scale }),
    z.strictObject({ ...places.redfish, ...scale }),
    z.strictObject({ ...places['http-json'], ...scale }),
    z.strictObject({ ...places.prometheus, ...scale }),
    z.strictObject({ ...places.dlt645, ...scale }),
  ]);

export const energyRegister = anyPlace(energyScale, places['modbus-tcp']);
export const powerRegister = anyPlace(powerScale, places['modbus-tcp']);
const volumeRegister = anyPlace(volumeScale, places['modbus-tcp']);

/** A count, not a quantity. */
const integerType = z.enum(registerTypes).exclude(['float32', 'float64']);
/** Any number or time that changes when the energy register was reset: a restart counter, the time of the last reset. */
const restartRegister = anyPlace({}, { ...places['modbus-tcp'], type: integerType });

/** `energy` is one register, or a list of tariff registers that add up to the meter's energy. */
const registerList = z
  .strictObject({
    energy: z.union([...energyRegister.options, z.array(energyRegister).min(2)]).optional(),
    power: powerRegister.optional(),
    volume: volumeRegister.optional(),
    restart: restartRegister.optional(),
  })
  .transform(({ energy, volume, ...rest }): Registers => {
    if (volume && energy === undefined) {
      const { scale_to_l: scale, ...place } = volume;
      return { ...rest, energy: { ...place, scale_to_j: scale }, litres: true };
    }
    return Array.isArray(energy) ? { ...rest, tariffs: energy } : { ...rest, energy };
  });

const declared = z.strictObject({
  id: slug,
  name: text.optional(),
  site: slug,
  role: z.enum(roles),
  direction: z.enum(['import', 'export', 'generation']).default('import'),
  carrier: z.string().default('electricity'),
  /** ISO/IEC 30134-2 category of an IT meter: 1 UPS output, 2 PDU output, 3 equipment input */
  category: z
    .union([z.literal(1), z.literal(2), z.literal(3)])
    .nullable()
    .default(null),
  parent: slug.nullable().default(null),
  hall: slug.nullable().default(null),
  rated_kw: z.number().positive().optional(),
  /** Of a water meter, in place of rated power */
  rated_l_per_h: z.number().positive().optional(),
  serial: z.string().optional(),
  valid_from: time.optional(),
  valid_to: time.optional(),
  accuracy_class: z.number().positive().optional(),
  ct_ratio: z.array(z.strictObject({ from: time, value: factor })).default([]),
  /** true: an unchanged register is no fault */
  idle_ok: z.boolean().default(false),
  backup: slug.optional(),
  source: meterSource,
  registers: registerList.prefault({}),
  every: duration.optional(),
});
/** A folder is looked into less often than a device is asked. */
const EVERY_MS = { device: 15_000, folder: 300_000 };
/** Rated power bounds what a meter can count; a water meter's flow does, a litre a second as a kilowatt's thousandth. */
export const meter = declared
  .refine(
    ({ role, registers, rated_kw: kw, rated_l_per_h: flow }) => {
      const isWater = role === 'water';
      const isFlow = registers?.litres === true;
      return isWater === isFlow && isWater === (kw === undefined) && isWater === (flow !== undefined);
    },
    // Told beside other faults of the same meter.
    { error: 'rated', path: ['rated_kw'], when: ({ value }) => typeof value === 'object' && value !== null },
  )
  .transform(({ rated_kw: kw, rated_l_per_h: flow = 0, every, ...rest }) => ({
    ...rest,
    rated_kw: kw ?? flow / 3_600_000,
    every: every ?? (rest.source.protocol === 'file-drop' ? EVERY_MS.folder : EVERY_MS.device),
  }));
export type Meter = z.infer<typeof meter>;
export type EnergyRegister = z.infer<typeof energyRegister>;
export type PowerRegister = z.infer<typeof powerRegister>;
export type RestartRegister = z.infer<typeof restartRegister>;
/** A meter has one energy register or several tariffs, never both. */
export interface Registers {
  readonly energy?: EnergyRegister;
  readonly tariffs?: readonly EnergyRegister[];
  readonly power?: PowerRegister;
  readonly restart?: RestartRegister;
  /** true: the energy register counts litres */
  readonly litres?: true;
}
