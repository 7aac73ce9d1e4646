import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { ownRows } from '../../../docs/devices/own-rows.ts';
import { loadPlan } from '../../../model/load.ts';
import type { Plan } from '../../../model/plan.ts';
import { planFolder } from '../../plan-folder.ts';
import { judgeText, near, type Judged } from './judge-text.ts';

let folder: ReturnType<typeof planFolder> | undefined;
afterEach(() => {
  folder?.remove();
  folder = undefined;
});

const chip = {
  id: 'your-chip',
  vendor: 'your-vendor',
  name: { zh: '你的芯片', en: 'Your chip' },
  reported_as: ['Your Chip 9'],
  peak_tflops: { fp16: 500 },
  clock_ref_mhz: 2000,
  dies_per_package: 2,
  tdp_w: 600,
  resources: {},
  source: 'made up for a test',
  confidence: 'memory',
};

/** The declaration that ships, with one more family row, one more model, and a pool that uses them: no code. */
function planWith(familyId: string, accelerator = chip.id): Plan {
  const estate = parse(readFileSync(join(import.meta.dirname, '../../../plan/estate.yaml'), 'utf8'));
  estate.pools[0].accelerator = accelerator;
  estate.pools[0].telemetry.family = familyId;
  // Another chip has another peak, into which the pool's quotas need not fit.
  for (const tenant of estate.tenants)
    tenant.quota = tenant.quota.filter(({ pool }: { pool: string }) => pool !== estate.pools[0].id);
  folder = planFolder(stringify(estate));
  const edit = (file: string, list: string, row: unknown): void => {
    const path = join(folder?.dir ?? '', file);
    const data = parse(readFileSync(path, 'utf8'));
    data[list].push(row);
    writeFileSync(path, stringify(data));
  };
  const [row] = parse(ownRows.find(({ id }) => id === familyId)?.yaml ?? '');
  edit('telemetry.yaml', 'families', row);
  edit('accelerators.yaml', 'accelerators', chip);
  return loadPlan(folder.dir);
}

const shown = ({ devices, tflops, waterfall }: Judged) => ({
  cards: devices.map(({ id, tier, powerW, healthy }) => [id, tier, near(tflops.get(id)), near(powerW), healthy]),
  delivered: Object.fromEntries(
    [...(waterfall.telemetry?.delivered ?? [])].map(([tier, value]) => [tier, near(value)]),
  ),
  racked: waterfall.telemetry?.racked.accelerators,
});

describe('a row that somebody writes is enough', () => {
  test('any vendor: milliwatts, per cent, two dies to a package, several clocks, a sentinel', () => {
    const card = (serial: string, die: number, pod = '') =>
      `serial="${serial}",die="${die}",product="Your Chip 9",host="n1",namespace="copper-train",pod="${pod}"`;
    const text = `
# HELP your_matrix_percent in per cent
your_matrix_percent{${card('S1', 0, 'train')}} 50
your_matrix_percent{${card('S1', 1, 'train')}} 65535
your_matrix_percent{${card('S2', 0)}} 0
your_busy_percent{${card('S1', 0, 'train')}} 99
your_busy_percent{${card('S1', 1, 'train')}} 8e1
your_clock_mhz{${card('S1', 0, 'train')},domain="core"} 1800
your_clock_mhz{${card('S1', 0, 'train')},domain="memory"} 2400
your_power_milliwatts{${card('S1', 0, 'train')}} 155500
your_power_milliwatts{${card('S1', 1, 'train')}} 65535
your_energy_millijoules{${card('S1', 0, 'train')}} 123456789
your_state{${card('S1', 0, 'train')}} 0
your_state{${card('S1', 1, 'train')}} 0
your_state{${card('S2', 0)}} 3
your_temperature_celsius{${card('S1', 0)}} 61
`;
    const answer = judgeText(text, 'your-exporter', 'your-chip', planWith('your-exporter'));
    // A die has half of 500 TFLOPS: 0.5 x 1800 / 2000 x 250 = 112.5; without matrix activity 0.8 x 250 = 200, an upper bound
    expect(shown(answer)).toEqual({
      cards: [
        ['serial="S1",die="0"', 'T1', 112.5, 155.5, true],
        ['serial="S1",die="1"', 'T4', 200, null, true],
        ['serial="S2",die="0"', 'T2', 0, null, false],
      ],
      delivered: { T1: 0.1125, T4: 0.2, T2: 0 },
      racked: 1.5,
    });
    expect(Object.fromEntries(answer.rejected)).toEqual({ sentinel: 2 });
    expect(answer.devices[0]?.energyJ).toEqual({ n: 123_456_789n, d: 1000n });
  });

  test('T5: what a trainer reports of itself stands alone', () => {
    const rank = (local: number) => `node="n1",local_rank="${local}",namespace="copper-train",pod="train-0"`;
    const text = `train_mfu_ratio{${rank(0)}} 0.4\ntrain_mfu_ratio{${rank(1)}} 0.5\ntrain_loss{${rank(0)}} 2.1\n`;
    // 0.4 x 312 + 0.5 x 312
    const answer = judgeText(text, 'trainer-mfu', 'nvidia-a800-sxm', planWith('trainer-mfu', 'nvidia-a800-sxm'));
    expect(shown(answer)).toEqual({
      cards: [
        ['node="n1",local_rank="0"', 'T5', 124.8, null, true],
        ['node="n1",local_rank="1"', 'T5', 156, null, true],
      ],
      delivered: { T5: 0.2808 },
      racked: 2,
    });
  });

  test('T5 is in no row that ships', () => {
    const plan = planWith('trainer-mfu');
    const reported = [...plan.families.values()].filter(({ activity }) =>
      activity.some(({ signal }) => signal === 'reported'),
    );
    expect(reported.map(({ id }) => id)).toEqual(['trainer-mfu']);
  });

  test.each([
    // 0.3 x 100 TFLOPS; 41,200 mW
    [
      'mtgpu-exporter',
      'moore-threads-s4000',
      'mtgpu_gpu_utilization{index="0",name="MTT S4000"} 30\nmtgpu_power_usage_milliwatts{index="0",name="MTT S4000"} 41200\n',
      'index="0"',
      30,
      41.2,
    ],
    // 0.2 x 345 TFLOPS
    [
      'xpu-exporter',
      'kunlunxin-p800',
      'node_xpu_utilization{devid="3"} 20\nnode_xpu_powerUsage{devid="3"} 95\n',
      'devid="3"',
      69,
      95,
    ],
  ])('%s', (family, accelerator, text, id, tflops, watts) => {
    const answer = judgeText(text, family, accelerator, planWith(family, accelerator));
    expect(shown(answer).cards).toEqual([[id, 'T4', tflops, watts, true]]);
    expect(answer.rejected.size).toBe(0);
  });

  test('every row of the page is tried here', () => {
    expect(ownRows.map(({ id }) => id)).toEqual(['your-exporter', 'trainer-mfu', 'mtgpu-exporter', 'xpu-exporter']);
  });
});
