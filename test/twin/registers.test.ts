import { describe, expect, test } from 'vitest';
import { modbusRead, registers, small } from './support.ts';

const ids = ['gate', 'pv', 'ups', 'pdu', 'chiller'] as const;

describe('registers, read over a socket by hand-made requests', () => {
  test.each(ids)('%s shows the truth, within one step of its register', async (id) => {
    const { twin, modbus, clock } = await small();
    for (const later of [0, 1, 86_400_000, 200 * 86_400_000]) {
      clock.time += later;
      const { joules, watts, step_j } = twin.truth().meters[id]!;
      const energy = await registers[id].energy(modbus);
      expect(energy).toBeGreaterThan(0);
      expect(Math.abs(energy - joules)).toBeLessThanOrEqual(step_j!);
      expect(await registers[id].power(modbus)).toBeCloseTo(watts, 0);
    }
  });

  test('advance by their own steps: 1 Wh, 0.1 kWh, and a float32 that has grown coarse', async () => {
    const { twin, modbus, clock } = await small();
    const steps = Object.fromEntries(ids.map((id) => [id, twin.truth().meters[id]!.step_j]));
    // 2^17 kWh <= the chiller's level < 2^18 kWh: a float32 with 24 bits steps by 2^-6 kWh there.
    const level = twin.truth().meters['chiller']!.joules / 3.6e6;
    expect(2 ** 24 * (steps['chiller']! / 3.6e6)).toBeGreaterThan(level);
    expect(2 ** 23 * (steps['chiller']! / 3.6e6)).toBeLessThanOrEqual(level);
    expect(steps).toMatchObject({ gate: 3600, pv: 3600, ups: 360_000, pdu: 3600 });
    const seen = new Set<number>();
    for (let second = 0; second < 120; second++) {
      clock.time += 1000;
      seen.add(await registers.ups.energy(modbus));
    }
    const sorted = [...seen].toSorted((a, b) => a - b);
    for (const [index, energy] of sorted.slice(1).entries()) expect(energy - sorted[index]!).toBe(360_000);
    expect(sorted.length).toBeGreaterThan(2);
  });
});

describe('a gateway', () => {
  test.each([
    ['a unit that nobody has', [9, 3, 3203, 4], [0x83, 11]],
    ['an address without a register', [1, 3, 100, 2], [0x83, 2]],
    ['a range that leaves the block', [3, 3, 0x4f, 2], [0x83, 2]],
    ['no register at all', [1, 3, 3203, 0], [0x83, 3]],
    ['more registers than fit an answer', [3, 4, 0, 126], [0x84, 3]],
    ['a function that the meter does not have', [5, 3, 72, 2], [0x83, 1]],
    ['a coil', [1, 1, 0, 1], [0x81, 1]],
    ['a write', [1, 6, 3203, 1], [0x86, 1]],
  ] as const)('answers %s with the exception of the protocol', async (_, request, answer) => {
    const { modbus } = await small();
    expect([...(await modbusRead(modbus, request))]).toEqual(answer);
  });

  test('answers a wide read with each number at its place', async () => {
    const { modbus } = await small();
    const wide = (await modbusRead(modbus, [3, 4, 0x28, 14])).subarray(2);
    const power = (await modbusRead(modbus, [3, 4, 0x28, 2])).subarray(2);
    const energy = (await modbusRead(modbus, [3, 4, 0x34, 2])).subarray(2);
    expect(wide.subarray(0, 4)).toEqual(power);
    expect(wide.subarray(24)).toEqual(energy);
    // One word of a number is that word.
    expect((await modbusRead(modbus, [3, 4, 0x35, 1])).subarray(2)).toEqual(energy.subarray(2));
  });
});
