import { describe, expect, test } from 'vitest';
import { judgeMeter, type MeterEvent } from '../../../exporter/judge/meter/meter.ts';
import { packState, unpackState, unread, type MeterState } from '../../../exporter/judge/meter/meter-state.ts';
import { decodeRegisters } from '../../../exporter/read/modbus/modbus-registers.ts';
import { rational } from '../../../model/rational.ts';
import { meter as meterSchema } from '../../../model/schema/meter.ts';
import { byteOrders } from '../../../model/schema/places.ts';

type Order = (typeof byteOrders)[number];

interface Life {
  readonly declared?: { scale_to_wh?: number; order?: Order; scale_to_w?: number };
  readonly hours: number;
  /** What the meter itself says, of the level that it stands at. */
  readonly level?: (wh: number, reading: number) => number;
  /** After which reading the process begins anew. */
  readonly anew?: number;
}

/** A meter of 100 kW at 60 kW, read every 60 s, that sends uint32 Wh with the high word first. */
function run({ declared = {}, hours, level = (wh) => wh, anew }: Life) {
  const { scale_to_wh = 1, order = 'ABCD', scale_to_w = 1 } = declared;
  const meter = meterSchema.parse({
    id: 'm',
    site: 's',
    role: 'it',
    rated_kw: 100,
    every: '1m',
    source: { protocol: 'modbus-tcp', address: 'h:502' },
    registers: {
      energy: { function: 3, address: 0, type: 'uint32', order, scale_to_wh, modulus: 'none' },
      power: { function: 3, address: 10, type: 'uint32', scale_to_w },
    },
  });
  let state: MeterState = unread;
  const ratios = new Set<number | null>();
  const events: MeterEvent[] = [];
  let credited = 0n;
  for (let reading = 0; reading <= hours * 60; reading++) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(level(1_000_000 + reading * 1000, reading));
    const energy = { value: decodeRegisters(bytes, 'uint32', order), wire: bytes.toString('hex') };
    const power = { value: rational(60_000n), wire: '0000ea60' };
    const now = { at: 1_790_000_000_000 + reading * 60_000, mono: reading * 60_000 };
    const judged = judgeMeter(meter, state, { energy, power }, now);
    state = reading === anew ? unpackState(packState(judged.state)) : judged.state;
    for (const { millijoules } of judged.spans) credited += millijoules;
    ratios.add(judged.crossCheck === null ? null : Number(judged.crossCheck.toPrecision(3)));
    events.push(...judged.events.filter(({ kind }) => kind === 'scale_suspect' || kind === 'cross_check'));
  }
  return { ratios: [...ratios], events, credited };
}

describe('register against integrated power', () => {
  test('agrees, and says nothing; before the first hour is over there is no ratio', () => {
    expect(run({ hours: 0.9 })).toMatchObject({ ratios: [null], events: [] });
    expect(run({ hours: 3 })).toMatchObject({ ratios: [null, 1], events: [] });
  });

  test.each([10, 100, 1000, 0.1, 0.01, 0.001])(
    'a scale that is wrong by %d is told once, with its factor',
    (factor) => {
      const { ratios, events } = run({ declared: { scale_to_wh: factor }, hours: 4 });
      expect(ratios).toEqual([null, factor]);
      expect(events).toMatchObject([{ kind: 'scale_suspect', detail: { ratio: factor, factor } }]);
      expect(events[0]?.wire).toMatch(/^[0-9a-f]{8} 0000ea60$/);
    },
  );

  test('kW read as W look the same from the other side', () => {
    const { events } = run({ declared: { scale_to_w: 0.001 }, hours: 2 });
    expect(events).toMatchObject([{ kind: 'scale_suspect', detail: { factor: 1000 } }]);
  });

  test.each(['CDAB', 'BADC', 'DCBA'] as const)(
    'registers declared %s that are ABCD: the right order is named',
    (order) => {
      const { events, credited } = run({ declared: { order }, hours: 4 });
      expect(events).toMatchObject([{ kind: 'cross_check', detail: { order: 'ABCD' } }]);
      expect(credited).toBeLessThanOrEqual(240_000n * 3_600_000n);
    },
  );

  test('off by a transformer ratio is told, with what to look at', () => {
    const { ratios, events } = run({ level: (wh) => Math.floor(wh / 4), hours: 3 });
    expect(ratios).toEqual([null, 0.25]);
    expect(events).toMatchObject([
      { kind: 'cross_check', detail: { ratio: 0.25, look_at: 'order, ct_ratio, scale_to_w' } },
    ]);
  });

  test('one spike, one zero or a reset spoils its window and is no verdict', () => {
    const level = (wh: number, reading: number): number =>
      reading === 20 ? 3_000_000_000 : reading === 100 ? 0 : reading > 150 ? wh - 1_140_000 : wh;
    expect(run({ level, hours: 6 })).toMatchObject({ ratios: [null, 1], events: [] });
  });

  test('the sums survive a process that begins anew, less one stretch', () => {
    expect(run({ hours: 1.1, anew: 30 }).ratios).toEqual([null, 1]);
  });
});
