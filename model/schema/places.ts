import { z } from 'zod';
import type { MeterProtocol } from './sources.ts';

export const registerTypes = [
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'bcd16',
  'bcd32',
  'bcd64',
] as const;
/** A is the most significant byte of the number, listed in the order on the wire; longer types repeat the pattern. */
export const byteOrders = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;

const oid = z.string().regex(/^\.?[0-2](\.\d+)+$/, { error: 'oid' });
/** RFC 6901; '' is the whole document */
const pointer = z.string().regex(/^(\/([^~/]|~[01])*)*$/, { error: 'pointer' });
const registerAddress = z.int().min(0).max(65535);

/** Where a number stands, by protocol. Each has a key that no other has: by it a register's protocol is known. */
export const places = {
  /** `address` is the PDU address, counted from 0. */
  'modbus-tcp': {
    function: z.union([z.literal(3), z.literal(4)]),
    address: registerAddress,
    type: z.enum(registerTypes),
    order: z.enum(byteOrders).default('ABCD'),
    /** Of an int16 register that holds the power of ten by which the value is multiplied (a SunSpec scale factor) */
    exponent_address: registerAddress.optional(),
  },
  /** Which sample of an exposition text holds it. */
  exposition: { metric: z.string().min(1), labels: z.record(z.string(), z.string()).default({}) },
  snmp: {
    oid,
    /** Of an integer that says how many decimal digits of the value stand behind the point (Raritan's DecimalDigits) */
    digits_oid: oid.optional(),
  },
  /** A property of a resource: /redfish/v1/Chassis/1U/EnvironmentMetrics and /PowerWatts/Reading */
  redfish: { resource: z.string().regex(/^\/redfish\/v1(\/\S*)?$/, { error: 'resource' }), property: pointer },
  'http-json': { pointer, time: pointer.optional() },
  /** PromQL whose answer is one sample */
  prometheus: { query: z.string().min(1) },
  /** Data identifier DI3..DI0 in hex (00010000: active energy, positive, total), and how its digits are read */
  dlt645: {
    identifier: z.string().regex(/^[0-9A-Fa-f]{8}$/, { error: 'identifier' }),
    /** Digits behind the point. @default the standard's, where the identifier is one of the common ones */
    decimals: z.int().min(0).max(8).optional(),
    bytes: z.int().min(1).max(8).optional(),
    /** true: the highest bit is the sign */
    signed: z.boolean().default(false),
  },
} as const;

/** The key that tells a place's protocol, in the order in which a register is looked at. */
const placeKeys = {
  address: 'modbus-tcp',
  metric: 'exposition',
  oid: 'snmp',
  resource: 'redfish',
  pointer: 'http-json',
  query: 'prometheus',
  identifier: 'dlt645',
} as const satisfies Record<string, MeterProtocol>;

/** The protocol by which a register can be read: its place has a key of that protocol alone. */
export const protocolOf = (register: object): MeterProtocol | undefined =>
  Object.entries(placeKeys).find(([key]) => key in register)?.[1];
