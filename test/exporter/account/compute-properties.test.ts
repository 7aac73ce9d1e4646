import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holders } from '../../../exporter/account/compute/compute-holder.ts';
import { waterfall } from '../../../exporter/account/compute/waterfall.ts';
import { judgeDevices } from '../../../exporter/judge/device/devices.ts';
import type { ExpositionSample } from '../../../exporter/read/reader.ts';
import { RECEIVED, acceleratorRow, contextOf, poolOf } from '../device-rows.ts';

/** Samples in DCGM's shape: good ones, bad values, bad times, strangers, slices, repeats and contradictions. */
const sample: fc.Arbitrary<ExpositionSample> = fc
  .record({
    name: fc.constantFrom(
      'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE',
      'DCGM_FI_PROF_SM_ACTIVE',
      'DCGM_FI_DEV_GPU_UTIL',
      'DCGM_FI_DEV_SM_CLOCK',
      'DCGM_FI_DEV_POWER_USAGE',
    ),
    UUID: fc.constantFrom('1', '2', '3', ''),
    modelName: fc.oneof(
      { weight: 9, arbitrary: fc.constant('NVIDIA H100 80GB HBM3') },
      { weight: 1, arbitrary: fc.constant('X') },
    ),
    slice: fc.constantFrom(['', ''], ['', ''], ['1', '4g.40gb'], ['2', '3g.40gb'], ['3', 'odd']),
    pod: fc.constantFrom('', 'p', 'q'),
    text: fc.constantFrom('0', '0.3', '0.9', '1.03', '1700', '2400', 'NaN', '9223372036854775794', '-1'),
    timestamp: fc.constantFrom(null, null, RECEIVED - 1000, RECEIVED - 1e6, RECEIVED + 1e6, 1_606_402_000),
  })
  .map(({ name, UUID, modelName, slice: [GPU_I_ID = '', GPU_I_PROFILE = ''], pod, text, timestamp }) => ({
    name,
    labels: { UUID, modelName, GPU_I_ID, GPU_I_PROFILE, pod, namespace: pod && 'a' },
    text,
    timestamp,
  }));
const answer = fc.array(sample, { minLength: 1, maxLength: 40 });
const bounded = { seed: 20_301_231, numRuns: 300 };
const context = contextOf('dcgm', 'h100');

function seen(samples: readonly ExpositionSample[]): object {
  const { devices, rejected, unknownModels, clamped } = judgeDevices(samples, context);
  return { devices, rejected: Object.fromEntries(rejected), unknownModels, clamped };
}

test('the order of the samples makes no difference', () => {
  const shuffled = answer.chain((samples) =>
    fc.tuple(fc.constant(samples), fc.shuffledSubarray(samples, { minLength: samples.length })),
  );
  fc.assert(
    fc.property(shuffled, ([samples, permuted]) => {
      expect(seen(permuted)).toEqual(seen(samples));
    }),
    bounded,
  );
});

test('the waterfall falls: healthy <= racked, allocated <= healthy, busy <= allocated, delivered <= allocated x clock', () => {
  const judged = answer.map((samples) => judgeDevices(samples, context));
  fc.assert(
    fc.property(judged, fc.integer({ min: 1, max: 4 }), (found, declared) => {
      const { nominal, telemetry } = waterfall(
        poolOf('h100', 'dcgm', declared),
        acceleratorRow('h100'),
        found,
        holders([]),
      );
      expect(nominal).toBe(declared);
      if (telemetry === null) return;
      const steps = [telemetry.racked, telemetry.healthy, telemetry.allocated, telemetry.busy ?? telemetry.allocated];
      const pflops = steps.map((step) => step.pflops ?? NaN);
      expect(pflops[0]).toBe(found.devices.length);
      for (const [i, value] of pflops.slice(1).entries()) expect(value).toBeLessThanOrEqual((pflops[i] ?? NaN) + 1e-12);
      const boost = Math.max(1, ...found.devices.map(({ clockRatio }) => clockRatio ?? 1));
      for (const value of telemetry.delivered.values()) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual((pflops[2] ?? NaN) * boost + 1e-12);
      }
      const byTenant = [...telemetry.tenants.values()].reduce((sum, step) => sum + (step.pflops ?? NaN), 0);
      expect(byTenant).toBeCloseTo(pflops[2] ?? NaN, 12);
    }),
    bounded,
  );
});

test('every device is a card of the declared model with figures inside their limits', () => {
  fc.assert(
    fc.property(answer, (samples) => {
      for (const { activity, tier, signal, clockRatio, powerW, allocations } of judgeDevices(samples, context)
        .devices) {
        expect([tier === null, signal === null]).toEqual([activity === null, activity === null]);
        expect(activity ?? 0.5).toSatisfy((value: number) => value >= 0 && value <= 1);
        expect(clockRatio ?? 1).toSatisfy((value: number) => value > 0 && value <= 1.25);
        expect(powerW ?? 700).toSatisfy((value: number) => value >= 0 && value <= 2100);
        expect(allocations.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-12);
        for (const part of allocations) expect(part.activity ?? 0).toBeLessThanOrEqual(part.share + 1e-12);
      }
    }),
    bounded,
  );
});
