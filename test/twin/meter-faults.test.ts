import { describe, expect, test } from 'vitest';
import { modbusRead, registers, small } from './support.ts';

const { gate, ups, chiller } = registers;
const hour = 3_600_000;
const words = (pdu: Buffer) => pdu.subarray(2).toString('hex').match(/..../g);

describe('a meter', () => {
  test('stuck keeps energy and power, and shows the truth again on release', async () => {
    const { twin, modbus, clock } = await small();
    const [energy, power] = [await gate.energy(modbus), await gate.power(modbus)];
    const fault = await twin.fault({ target: 'gate', kind: 'stuck' });
    clock.time += 7 * hour;
    expect(await gate.energy(modbus)).toBe(energy);
    expect(await gate.power(modbus)).toBe(power);
    expect(twin.truth().meters['gate']).toMatchObject({ faults: ['stuck'] });
    expect(twin.truth().meters['gate']!.joules).toBeGreaterThan(energy + 1e8);
    await twin.release(fault.id);
    expect(twin.truth().meters['gate']!.joules - (await gate.energy(modbus))).toBeLessThan(3600);
    expect(twin.truth().meters['gate']!.faults).toEqual([]);
    // The past keeps its fault.
    expect(twin.truth(clock.time - hour).meters['gate']!.faults).toEqual(['stuck']);
  });

  test('zero reads 0 for n reads of that register, or until released', async () => {
    const { twin, modbus } = await small();
    const energy = await gate.energy(modbus);
    await twin.fault({ target: 'gate', kind: 'zero', reads: 2 });
    expect(await gate.power(modbus)).toBeGreaterThan(0);
    expect([await gate.energy(modbus), await gate.energy(modbus), await gate.energy(modbus)]).toEqual([0, 0, energy]);
    await twin.fault({ target: 'chiller', kind: 'zero', register: 'power' });
    for (let read = 0; read < 5; read++) expect(await chiller.power(modbus)).toBe(0);
    expect(await chiller.energy(modbus)).toBeGreaterThan(0);
    await twin.release('chiller');
    expect(await chiller.power(modbus)).toBeGreaterThan(0);
  });

  test('spike reads far too high, once by default', async () => {
    const { twin, modbus } = await small();
    const energy = await ups.energy(modbus);
    await twin.fault({ target: 'ups', kind: 'spike' });
    // 100 hours of 100 kW.
    expect(await ups.energy(modbus)).toBe(energy + 10_000 * 3_600_000);
    expect(await ups.energy(modbus)).toBe(energy);
    await twin.fault({ target: 'chiller', kind: 'spike', register: 'power', hours: 2, reads: 3 });
    for (let read = 0; read < 3; read++) expect(await chiller.power(modbus)).toBe(120_000);
    expect(await chiller.power(modbus)).toBeLessThan(60_000);
  });

  test('reset starts again from 0 at that instant and goes on, also after its release', async () => {
    const { twin, modbus, clock } = await small();
    clock.time += 100;
    const before = twin.truth().meters['ups']!.joules;
    await twin.fault({ target: 'ups', kind: 'reset' });
    expect(await ups.energy(modbus)).toBe(0);
    await twin.release('ups');
    clock.time += 5 * hour;
    const grown = twin.truth().meters['ups']!.joules - before;
    expect(grown).toBeGreaterThan(1e8);
    expect(grown - (await ups.energy(modbus))).toBeGreaterThanOrEqual(0);
    expect(grown - (await ups.energy(modbus))).toBeLessThan(360_000);
  });

  test('rollover passes the modulus when it is said to, keeping what is above it', async () => {
    const { twin, modbus, clock } = await small();
    await twin.fault({ target: 'ups', kind: 'rollover', seconds: 30 });
    const highest = (1_000_000_000 - 1) * 360_000;
    const before = await ups.energy(modbus);
    expect(highest - before).toBeLessThan(30 * 100_000);
    clock.time += 29_999;
    expect(await ups.energy(modbus)).toBe(highest);
    clock.time += 2;
    expect(await ups.energy(modbus)).toBe(0);
    clock.time += hour;
    expect(await ups.energy(modbus)).toBeGreaterThan(360_000);
    await expect(twin.fault({ target: 'gate', kind: 'rollover' })).rejects.toThrow('Schneider PM5xxx never rolls over');
  });

  test('wrong_word_order reverses the words of each number', async () => {
    const { twin, modbus } = await small();
    const [int64, swapped, float] = [
      [1, 3, 3203, 4],
      [3, 3, 52, 2],
      [5, 4, 72, 2],
    ] as const;
    const right = [await modbusRead(modbus, int64), await modbusRead(modbus, swapped), await modbusRead(modbus, float)];
    for (const target of ['gate', 'ups', 'chiller']) await twin.fault({ target, kind: 'wrong_word_order' });
    const wrong = [await modbusRead(modbus, int64), await modbusRead(modbus, swapped), await modbusRead(modbus, float)];
    for (const [index, pdu] of wrong.entries()) {
      expect(words(pdu)).toEqual(words(right[index]!)?.toReversed());
    }
  });

  test('silent leaves requests open while the other units of the gateway answer', async () => {
    const { twin, modbus } = await small();
    await twin.fault({ target: 'ups', kind: 'silent' });
    await expect(modbusRead(modbus, [3, 3, 52, 2], 200)).rejects.toThrow('no answer');
    expect(await gate.energy(modbus)).toBeGreaterThan(0);
    await twin.release('ups');
    expect(await ups.energy(modbus)).toBeGreaterThan(0);
  });

  test('silent with mode refuse closes the port until the release', async () => {
    const { twin, modbus } = await small();
    const fault = await twin.fault({ target: 'ups', kind: 'silent', mode: 'refuse' });
    await expect(modbusRead(modbus, [1, 3, 3203, 4])).rejects.toThrow('ECONNREFUSED');
    await twin.release(fault.id);
    expect(await gate.energy(modbus)).toBeGreaterThan(0);
    // The last word counts, even when it comes before the one before has been carried out.
    const again = { target: 'ups', kind: 'silent', mode: 'refuse' };
    await twin.fault(again);
    await Promise.all([twin.release('ups'), twin.fault(again)]);
    await expect(modbusRead(modbus, [1, 3, 3203, 4])).rejects.toThrow('ECONNREFUSED');
  });

  test('slow answers after its time, with the register of that later instant', async () => {
    const { twin, modbus, clock } = await small();
    await twin.fault({ target: 'gate', kind: 'slow', ms: 150 });
    const asked = performance.now();
    const answer = gate.energy(modbus);
    setTimeout(() => (clock.time += hour), 50);
    const energy = await answer;
    expect(performance.now() - asked).toBeGreaterThan(145);
    expect(twin.truth().meters['gate']!.joules - energy).toBeLessThan(3600);
  });
});
