import { z } from 'zod';
import { duration, factor, offset, slug, text, time } from './common.ts';

const roles = ['facility', 'it', 'cooling', 'ups', 'lighting', 'other', 'reuse'] as const;
export const registerTypes = ['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'] as const;
/** A is the most significant byte of the number, listed in the order on the wire; longer types repeat the pattern. */
export const byteOrders = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;

/** Where in a Modbus device a number stands: `address` is the PDU address, counted from 0. */
const modbusPlace = {
  function: z.union([z.literal(3), z.literal(4)]),
  address: z.int().min(0).max(65535),
  type: z.enum(registerTypes),
  order: z.enum(byteOrders).default('ABCD'),
};
/** Which sample of an exposition text holds a number. */
const metricPlace = { metric: z.string().min(1), labels: z.record(z.string(), z.string()).default({}) };

/** A raw value at which the register starts again, 'none' where it never does within the meter's life. */
const modulus = z.union([z.literal('none').transform(() => null), z.int().positive().transform(BigInt)]);
const energyScale = { scale_to_wh: factor.optional(), scale_to_j: factor.optional(), modulus };
const powerScale = { scale_to_w: factor, offset: offset.optional() };

export const energyRegister = z.union([
  z.strictObject({ ...modbusPlace, ...energyScale }),
  z.strictObject({ ...metricPlace, ...energyScale }),
]);
export const powerRegister = z.union([
  z.strictObject({ ...modbusPlace, ...powerScale }),
  z.strictObject({ ...metricPlace, ...powerScale }),
]);

/** `timestamps`: honor refuses samples whose explicit time is stale; ignore takes the time of receipt instead. */
export const timestamps = z.enum(['honor', 'ignore']);

const modbusSource = z.strictObject({
  protocol: z.literal('modbus-tcp'),
  /** host:port of the device or of the gateway before it */
  address: z.string().regex(/^[^\s/]+:\d{1,5}$/, { error: 'address' }),
  unit: z.int().min(0).max(255).default(1),
  timeout: duration.default(3000),
});
export const expositionSource = z.strictObject({
  protocol: z.literal('exposition'),
  /** http(s) URL, or file:///… for a text file */
  url: z.url({ protocol: /^(https?|file)$/, error: 'url' }),
  timeout: duration.default(5000),
  timestamps: timestamps.optional(),
});
const calculatedSource = z.strictObject({ protocol: z.literal('calculated'), formula: z.string().min(1) });

export const meter = z.strictObject({
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
  rated_kw: z.number().positive(),
  serial: z.string().optional(),
  valid_from: time.optional(),
  valid_to: time.optional(),
  accuracy_class: z.number().positive().optional(),
  ct_ratio: z.array(z.strictObject({ from: time, value: factor })).default([]),
  /** true: an unchanged register is no fault */
  idle_ok: z.boolean().default(false),
  backup: slug.optional(),
  source: z.discriminatedUnion('protocol', [modbusSource, expositionSource, calculatedSource]),
  registers: z.strictObject({ energy: energyRegister.optional(), power: powerRegister.optional() }).default({}),
  every: duration.default(15_000),
});
export type Meter = z.infer<typeof meter>;
export type EnergyRegister = z.infer<typeof energyRegister>;
export type PowerRegister = z.infer<typeof powerRegister>;
export type ExpositionSource = z.infer<typeof expositionSource>;
