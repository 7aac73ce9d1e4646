import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Device } from '../../../exporter/judge/device/device.ts';
import { cases } from './cases.ts';
import { judgeText, near, shipped, textOf } from './judge-text.ts';

const judged = (file: string): readonly Device[] => {
  const found = cases.find((one) => one.file === file);
  if (!found) throw new Error(`no case ${file}`);
  return judgeText(textOf(file), found.family, found.accelerator).devices;
};
const joules = (file: string) => judged(file).map(({ energyJ }) => energyJ && [energyJ.n, energyJ.d]);

describe('from the text of each exporter to PFlops, by the rows that ship', () => {
  test('every family has a text, and every text a case', () => {
    expect(new Set(cases.map(({ family }) => family))).toEqual(new Set(shipped.families.keys()));
    const files = readdirSync(join(import.meta.dirname, 'text')).filter((file) => file.endsWith('.prom'));
    expect(files).toEqual(cases.map(({ file }) => `${file}.prom`).sort());
  });

  test.each(cases)('$file: $family, $accelerator', (one) => {
    const answer = judgeText(textOf(one.file), one.family, one.accelerator);
    const cards = answer.devices.map(({ id, tier, powerW, healthy }) => [
      id,
      tier,
      near(answer.tflops.get(id)),
      near(powerW),
      healthy,
    ]);
    expect(cards).toEqual(one.cards);
    expect(Object.fromEntries(answer.rejected)).toEqual(one.rejected ?? {});
    expect(Object.fromEntries(answer.unknownModels)).toEqual(one.unknown ?? {});
    const delivered = [...(answer.waterfall.telemetry?.delivered ?? [])];
    expect(Object.fromEntries(delivered.map(([tier, value]) => [tier, near(value)]))).toEqual(one.delivered);
  });

  test('the text of each is refused by every other family, with the right one named', () => {
    for (const { file, family, accelerator } of cases) {
      for (const other of shipped.families.keys()) {
        if (other === family) continue;
        expect(() => judgeText(textOf(file), other, accelerator), `${file} as ${other}`).toThrow(
          new RegExp(`those are metrics of family ${family}: correct telemetry\\.family`),
        );
      }
    }
  });
});

describe('energy counters: once for each card, exactly', () => {
  test('millijoules of DCGM, beyond what a double holds; repeated for each MIG slice', () => {
    expect(joules('dcgm-whole')).toEqual([
      [7_200_000_001_500n, 1000n],
      [9_007_199_254_740_993n, 1000n],
    ]);
    expect(joules('dcgm-mig')).toEqual([[36_000_000n, 1000n]]);
  });
  test('microjoules of AMD: of eight partitions one says it', () => {
    expect(joules('amd-spx')).toEqual([
      [5_000_000_000_001n, 1_000_000n],
      [1_000_001n, 1_000_000n],
    ]);
    expect(joules('amd-cpx')).toEqual([[7_500_000_000n, 1_000_000n]]);
  });
  test('a family without a counter has none, which is not 0', () => {
    expect(joules('npu-910b')).toEqual([undefined, undefined, undefined]);
  });
});

describe('who holds what, and where', () => {
  test('pods stand on the line of another metric: Cambricon, Hygon', () => {
    const pods = (file: string) =>
      judged(file).map(({ allocations }) => allocations.map(({ pod, share }) => [pod, share]));
    expect(pods('mlu')).toEqual([[['train-0', 1]], [['serve-0', 1]], []]);
    expect(pods('dcu')).toEqual([[['train-0', 1]], []]);
    expect(pods('amd-cpx')).toEqual([
      [
        ['job-0', 0.125],
        ['job-1', 0.125],
      ],
    ]);
  });
  test("the node by the exporter's own label, under Hostname and hostname alike", () => {
    const nodes = (file: string) => judged(file).map(({ node }) => node);
    expect(nodes('dcgm-whole')).toEqual(['gpu-1', 'gpu-1']);
    expect(nodes('gcu')).toEqual(['gcu-1', 'gcu-1']);
    expect(nodes('nvidia-smi')).toEqual([undefined, undefined]);
  });
});

test('whose family takes the declaration at its word is still refused where it names another model', () => {
  const plan = { ...shipped, families: new Map(shipped.families) };
  const row = shipped.families.get('hygon-dcu-sysfs');
  if (!row) throw new Error('no row');
  plan.families.set(row.id, { ...row, model: ['product'] });
  const text =
    'hygon_dcu_utilization_percent{uuid="1",product="K100 AI"} 5\nhygon_dcu_utilization_percent{uuid="2"} 5\n';
  const answer = judgeText(text, row.id, 'hygon-k100', plan);
  expect(answer.devices.map(({ id }) => id)).toEqual(['uuid="2"']);
  expect(Object.fromEntries(answer.rejected)).toEqual({ wrong_model: 1 });
});

test('a line of names alone is a card that is there, and no reading of it', () => {
  const text = 'nvidia_smi_gpu_info{uuid="u-8",name="NVIDIA H100 80GB HBM3"} NaN\n';
  const { devices, rejected } = judgeText(text, 'nvidia-smi', 'nvidia-h100-sxm');
  expect(devices).toMatchObject([{ id: 'uuid="u-8"', healthy: false, activity: null, powerW: null }]);
  expect(rejected.size).toBe(0);
});
