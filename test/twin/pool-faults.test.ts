import { describe, expect, test } from 'vitest';
import { small } from './support.ts';

const url = (http: number, pool: string) => `http://127.0.0.1:${http}/${pool}`;
const textOf = async (http: number, pool: string) => (await fetch(url(http, pool))).text();
const samples = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(`${name}{`));

/** What came of a body within `patience` ms, and whether it ended. */
async function begun(address: string, patience: number): Promise<{ text: string; ended: boolean }> {
  let text = '';
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(patience) });
    for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk);
    return { text, ended: true };
  } catch {
    return { text, ended: false };
  }
}

describe("a pool's exporter", () => {
  test('silent answers nothing, while its neighbour on the same port does', async () => {
    const { twin, http } = await small();
    await twin.fault({ target: 'a800', kind: 'silent' });
    expect(await begun(url(http, 'a800'), 150)).toEqual({ text: '', ended: false });
    expect(await textOf(http, 'b3')).toContain('machine_npu_nums 12');
    await twin.release('a800');
    expect(await textOf(http, 'a800')).toContain('DCGM');
  });

  test('silent with mode refuse closes the port', async () => {
    const { twin, http } = await small();
    await twin.fault({ target: 'a800', kind: 'silent', mode: 'refuse' });
    await expect(fetch(url(http, 'b3'))).rejects.toThrow('fetch failed');
    await twin.release('a800');
    expect((await fetch(url(http, 'b3'))).ok).toBe(true);
  });

  test('slow answers after its time', async () => {
    const { twin, http } = await small();
    await twin.fault({ target: 'b3', kind: 'slow', ms: 150 });
    const asked = performance.now();
    expect(await textOf(http, 'b3')).toContain('machine_npu_nums 12');
    expect(performance.now() - asked).toBeGreaterThan(145);
  });

  test('garbled is cut within the labels of a line', async () => {
    const { twin, http } = await small();
    const whole = await textOf(http, 'a800');
    await twin.fault({ target: 'a800', kind: 'garbled' });
    const cut = await textOf(http, 'a800');
    expect(whole.startsWith(cut)).toBe(true);
    expect(cut.length).toBeGreaterThan(whole.length / 2);
    expect(cut.split('\n').at(-1)).toMatch(/^DCGM_\w+{[^}]+$/);
  });

  test.each([
    [
      'drip',
      (text: string, whole: string) =>
        text.startsWith(whole) && /^(# and so on\n){1,4}$/.test(text.slice(whole.length)),
    ],
    ['flood', (text: string, whole: string) => text.length > 100 * whole.length],
  ])('endless never ends: %s', async (mode, holds) => {
    const { twin, http } = await small();
    const whole = await textOf(http, 'a');
    await twin.fault({ target: 'a', kind: 'endless', mode });
    const { text, ended } = await begun(url(http, 'a'), 700);
    expect(ended).toBe(false);
    expect(holds(text, whole)).toBe(true);
  });

  test('stale_timestamps lie in the past, on npu-exporter only', async () => {
    const { twin, http, clock } = await small();
    await twin.fault({ target: 'b3', kind: 'stale_timestamps', age_s: 86_400 });
    const powers = samples(await textOf(http, 'b3'), 'npu_chip_info_power');
    for (const line of powers) expect(line.endsWith(` ${clock.time - 86_400_000}`)).toBe(true);
    await expect(twin.fault({ target: 'a800', kind: 'stale_timestamps' })).rejects.toThrow('gives no timestamps');
  });
});

describe('a device', () => {
  test('split by MIG repeats the power of the whole card for each instance and keeps the work', async () => {
    const { twin, http, clock } = await small();
    while (twin.truth().pools['a800']!.allocated_devices < 16) clock.time += 600_000;
    const whole = await textOf(http, 'a800');
    const before = twin.truth();
    await twin.fault({ target: 'a800/3', kind: 'mig' });
    const split = await textOf(http, 'a800');
    const [power] = samples(whole, 'DCGM_FI_DEV_POWER_USAGE').slice(3);
    const instances = samples(split, 'DCGM_FI_DEV_POWER_USAGE').filter((line) => line.includes('GPU_I_ID'));
    const expected = ['3g.40gb', '2g.20gb', '2g.20gb'].map((profile, index) =>
      power?.replace(',Hostname', `,GPU_I_PROFILE="${profile}",GPU_I_ID="${index + 1}",Hostname`),
    );
    expect(instances).toEqual(expected);
    expect(samples(split, 'DCGM_FI_DEV_POWER_USAGE')).toHaveLength(18);
    expect(samples(split, 'DCGM_FI_DEV_GPU_UTIL')).toHaveLength(15);
    const tensor = (text: string) =>
      samples(text, 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE').map((line) => line.split('} ')[1]);
    expect(tensor(split).slice(3, 6)).toEqual(
      tensor(whole)
        .slice(3, 4)
        .flatMap((value) => [value, value, value]),
    );
    expect(twin.truth().pools).toEqual(before.pools);
    await expect(twin.fault({ target: 'b3', kind: 'mig' })).rejects.toThrow('910B3-Ascend-V1 has no MIG');
  });

  test('clock_wrong reports another clock; the operations stay what they are', async () => {
    const { twin, http } = await small();
    const before = twin.truth();
    await twin.fault({ target: 'a800/0', kind: 'clock_wrong', mhz: 3000 });
    const clocks = samples(await textOf(http, 'a800'), 'DCGM_FI_DEV_SM_CLOCK').map((line) => line.split('} ')[1]);
    expect(clocks.filter((clock) => clock === '3000')).toHaveLength(1);
    expect(clocks[0]).toBe('3000');
    expect(twin.truth()).toEqual(before);
  });

  test('unknown_model, of one device or of the whole pool', async () => {
    const { twin, http } = await small();
    const strangers = async (pool: string, metric: string) =>
      samples(await textOf(http, pool), metric).filter((line) => line.includes('"Nobody ')).length;
    await twin.fault({ target: 'a800/15', kind: 'unknown_model' });
    expect(await strangers('a800', 'DCGM_FI_DEV_SM_CLOCK')).toBe(1);
    await twin.fault({ target: 'b3', kind: 'unknown_model' });
    expect(await strangers('b3', 'npu_chip_info_power')).toBe(12);
    await twin.release('b3');
    expect(await strangers('b3', 'npu_chip_info_power')).toBe(0);
  });
});
