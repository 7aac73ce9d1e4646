import { describe, expect, test } from 'vitest';
import { RECEIVED, familyRow, judgeText } from '../device-rows.ts';

const dcgmRow = familyRow('dcgm');
const TENSOR = 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE';
const WATTS = 'DCGM_FI_DEV_POWER_USAGE';
const card = 'UUID="GPU-1",modelName="NVIDIA H100 80GB HBM3"';
const slice = (id: number, profile: string, pod = '') =>
  `${card},GPU_I_PROFILE="${profile}",GPU_I_ID="${id}",namespace="${pod && 'a'}",pod="${pod}"`;
const held = (pod: string, value: string) => `${TENSOR}{${card},namespace="a",pod="${pod}"} ${value}`;
const dcgm = (...lines: string[]) => judgeText(lines.join('\n'), 'dcgm', 'h100');

describe('MIG: slices of one card', () => {
  test('are one card with the watts of one; activity is weighted by share, pods hold their slices', () => {
    const { devices, rejected } = dcgm(
      `${TENSOR}{${slice(1, '4g.40gb', 'train')}} 0.5`,
      `${TENSOR}{${slice(2, '3g.40gb')}} 0`,
      `${TENSOR}{${slice(3, '1g.10gb', 'serve')}} 1`,
      `${WATTS}{${slice(1, '4g.40gb', 'train')}} 340`,
      `${WATTS}{${slice(2, '3g.40gb')}} 340`,
      `${WATTS}{${slice(3, '1g.10gb', 'serve')}} 340`,
      `DCGM_FI_DEV_SM_CLOCK{${slice(1, '4g.40gb', 'train')}} 2000`,
    );
    // 0.5 x 0.5 + 0 x 0.375 + 1 x 0.125
    expect(devices).toMatchObject([{ activity: 0.375, tier: 'T1', clockRatio: 1, powerW: 340 }]);
    expect(devices[0]?.allocations).toEqual([
      { namespace: 'a', pod: 'train', share: 0.5, activity: 0.25 },
      { namespace: 'a', pod: 'serve', share: 0.125, activity: 0.125 },
    ]);
    expect(rejected.size).toBe(0);
  });

  test('with an unknown profile: the sum would be too low, so the activity of the card is unknown', () => {
    const { devices, rejected, refusals } = dcgm(
      `${TENSOR}{${slice(1, '4g.40gb', 'train')}} 0.5`,
      `${TENSOR}{${slice(2, '2g.99gb', 'serve')}} 1`,
    );
    expect(devices).toMatchObject([{ activity: null, tier: null }]);
    expect(devices[0]?.allocations).toEqual([{ namespace: 'a', pod: 'train', share: 0.5, activity: null }]);
    expect([...rejected]).toEqual([['unknown_slice', 1]]);
    expect(refusals[0]?.what).toContain('2g.99gb');
  });

  test('with a silent slice: likewise, unless the card has a figure of its own', () => {
    const half = [`${TENSOR}{${slice(1, '4g.40gb')}} 0.5`, `${TENSOR}{${slice(2, '3g.40gb')}} NaN`];
    expect(dcgm(...half).devices).toMatchObject([{ activity: null }]);
    expect(dcgm(...half, `${TENSOR}{${card}} 0.6`).devices).toMatchObject([{ activity: 0.6, tier: 'T2' }]);
  });

  test('with two profiles is of an unknown profile', () => {
    const { devices, rejected } = dcgm(
      `${TENSOR}{${slice(1, '4g.40gb', 'p')}} 0.5`,
      `${WATTS}{${slice(1, '3g.40gb', 'p')}} 300`,
    );
    expect(devices).toMatchObject([{ activity: null, powerW: 300, allocations: [] }]);
    expect([...rejected]).toEqual([['unknown_slice', 1]]);
  });

  test('are as old as the oldest of them', () => {
    const aged = [2000, 7000].map((age, id) => `${TENSOR}{${slice(id, '4g.40gb')}} 0.5 ${RECEIVED - age}`);
    expect(dcgm(...aged).devices).toMatchObject([{ at: RECEIVED - 7000 }]);
  });

  test('whose figures are shares of the card add up as they are, each no more than its slice', () => {
    const family = { ...dcgmRow, slice: dcgmRow.slice && { ...dcgmRow.slice, relative: false } };
    const text = `${TENSOR}{${slice(1, '4g.40gb', 'p')}} 0.3\n${TENSOR}{${slice(2, '1g.10gb')}} 0.2`;
    const { devices, clamped } = judgeText(text, 'dcgm', 'h100', { family });
    expect(devices).toMatchObject([{ activity: 0.425, allocations: [{ share: 0.5, activity: 0.3 }] }]);
    expect(clamped).toBe(1);
  });

  test('of which one contradicts itself: that metric is refused', () => {
    const { devices, rejected } = dcgm(
      `${TENSOR}{${slice(1, '4g.40gb')}} 0.5`,
      `${TENSOR}{${slice(1, '4g.40gb')}} 0.6`,
      `DCGM_FI_PROF_SM_ACTIVE{${slice(1, '4g.40gb')}} 0.8`,
    );
    expect(devices).toMatchObject([{ activity: 0.4, tier: 'T3' }]);
    expect([...rejected]).toEqual([['duplicate', 2]]);
  });

  test('partitions that say 0 W beside the one that speaks for the board', () => {
    const { devices } = dcgm(`${WATTS}{${slice(0, '4g.40gb')}} 610`, `${WATTS}{${slice(1, '3g.40gb')}} 0`);
    expect(devices).toMatchObject([{ powerW: 610 }]);
  });

  test('more slices than a card holds are scaled to one card', () => {
    const lines = [1, 2, 3].map((id) => `${TENSOR}{${slice(id, '4g.40gb', `p${id}`)}} 1`);
    const [device] = dcgm(...lines).devices;
    expect(device?.activity).toBeCloseTo(1, 12);
    expect(device?.allocations.map(({ share }) => share)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });
});

describe('time-slicing: one card once per pod', () => {
  test('is one card, held in equal parts', () => {
    const { devices, rejected } = dcgm(held('x', '0.6'), held('y', '0.6'), held('y', '0.6'));
    expect(devices).toHaveLength(1);
    expect(devices[0]).toMatchObject({ activity: 0.6 });
    expect(devices[0]?.allocations).toEqual([
      { namespace: 'a', pod: 'x', share: 0.5, activity: 0.3 },
      { namespace: 'a', pod: 'y', share: 0.5, activity: 0.3 },
    ]);
    expect(rejected.size).toBe(0);
  });

  test('with different values is a contradiction', () => {
    const { devices, rejected } = dcgm(held('x', '0.6'), held('y', '0.2'));
    expect(devices).toMatchObject([{ activity: null, allocations: [{ activity: null }, { activity: null }] }]);
    expect([...rejected]).toEqual([['duplicate', 2]]);
  });
});
