import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { modelIndex } from '../../../exporter/judge/device/device-model.ts';
import { judgeDevices } from '../../../exporter/judge/device/devices.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { parseExposition } from '../../../exporter/read/exposition/exposition.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import { closureOn, END, estateOf, planOf } from './closure-ledger.ts';
import { finish } from './finish.ts';

/** MetaX's exporter says milliwatts; this row lacks the factor. */
const metax = `
  - id: mx-milliwatts
    name: { zh: 沐曦, en: MetaX }
    prefixes: [mx_]
    identity: [[uuid]]
    model: [modelName]
    pod: [pod]
    namespace: [namespace]
    activity: [{ signal: busy, metric: mx_gpu_usage, factor: 0.01 }]
    power: { metric: mx_board_power }
    source: test
`;
const telemetry = readFileSync(new URL('../../../plan/telemetry.yaml', import.meta.url), 'utf8') + metax;
const pool = (accelerator: string, family: string, count: number): string =>
  `{ id: p, cluster: c, accelerator: ${accelerator}, count: ${count}, nodes: { names: [n] }, telemetry: { family: ${family}, every: 15s, source: { protocol: exposition, url: "http://127.0.0.1:9/metrics" } } }`;
const ups = { id: 'ups', fields: 'role: it, category: 1', kwh: 10 };

/** A pool whose exporter a test plays: `lines` gives the text of the answer with a number. */
function pools(accelerator: string, family: string, count: number, rows = telemetry) {
  const plan = planOf(estateOf([ups], pool(accelerator, family, count)), rows);
  const made = closureOn(plan);
  const declared = plan.accelerators.get(accelerator);
  const row = plan.families.get(family);
  const [only] = plan.estate.pools;
  if (!declared || !row || !only) throw new Error(`${accelerator} or ${family} is not in the declaration`);
  let answers = 0;
  const answer = (text: string): void => {
    const at = END - HOUR + 15_000 * answers++;
    const samples = parseExposition(text, { format: 'text', whole: true });
    const judgedAs = (as: Accelerator) =>
      judgeDevices(samples, {
        pool: only,
        family: row,
        families: plan.families.values(),
        accelerator: as,
        known: modelIndex(plan.accelerators.values()),
        received: at,
        maxAge: 300_000,
        timestamps: 'ignore',
      });
    made.closure.observe({ site: 's', pool: 'p', judged: judgedAs(declared), samples, judgedAs }, { at, mono: at });
  };
  return {
    ...made,
    play(lines: (n: number) => readonly string[], times = 45): string[] {
      for (let i = 0; i < times; i++) answer(`${lines(answers).join('\n')}\n`);
      return made.suspects();
    },
  };
}

const cards = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** Watts of a card at an answer: its own, and never twice the same. */
const watts = (card: number, n: number, from: number, to: number): number =>
  from + (((card * 7919 + n * 104_729 + card * n * 31) % 1000) / 1000) * (to - from);

const mx = (factor: number) => (n: number) =>
  cards(8).flatMap((i) => [
    `mx_board_power{uuid="GPU-${i}",modelName="MXC500"} ${Math.round(watts(i, n, 90, 340) * factor)}`,
    `mx_gpu_usage{uuid="GPU-${i}",modelName="MXC500"} 80`,
  ]);
const a800 =
  (labels: (i: number) => string, count: number, power: (i: number, n: number) => number, activity = 0.6) =>
  (n: number) =>
    cards(count).flatMap((i) => {
      const all = `modelName="NVIDIA A800-SXM4-80GB",${labels(i)}`;
      return [
        `DCGM_FI_DEV_POWER_USAGE{${all}} ${power(i, n).toFixed(3)}`,
        `DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{${all}} ${activity}`,
      ];
    });
const npu =
  (model: string, count: number, from: number, to: number, activity = 90) =>
  (n: number) =>
    cards(count).flatMap((i) => {
      const all = `id="${i}",model_name="${model}",vdie_id="${(i + 1).toString(16).padStart(8, '0')}-A0B1C2D3",pcie_bus_info="0000:${i}:00.0"`;
      return [
        `npu_chip_info_power{${all}} ${watts(i, n, from, to).toFixed(1)}`,
        `npu_chip_info_cube_utilization{${all}} ${activity}`,
        `npu_chip_info_health_status{${all}} 1`,
      ];
    });

describe('each fault of a pool is found by its own name and by no other', () => {
  test('MetaX: milliwatts as watts, which the judge refuses as impossible', () => {
    const made = pools('metax-c500', 'mx-milliwatts', 8);
    expect(made.play(mx(1000), 2), 'two answers are no evidence').toEqual([]);
    expect(made.play(mx(1000))).toEqual(['milliwatts_as_watts of p']);
    expect(made.events).toHaveLength(1);
    expect(made.events[0]?.detail).toMatchObject({ suspect: 'milliwatts_as_watts', tdp_w: 350 });
    expect(made.play(mx(1)), 'mended').toEqual([]);
    expect(made.events.map(({ kind }) => kind)).toEqual(['closure_suspect', 'closure_clear']);
    made.close();
  });

  test('a factor that is there twice: watts as milliwatts', () => {
    const made = pools(
      'metax-c500',
      'mx-milliwatts',
      8,
      telemetry.replace('mx_board_power }', 'mx_board_power, factor: 0.001 }'),
    );
    expect(made.play(mx(1))).toEqual(['watts_as_milliwatts of p']);
    expect(made.play(mx(1000))).toEqual([]);
    made.close();
  });

  const uuid = (card: number): string => `GPU-${card}0a1b2c3-4d5e-6f70-8192-a3b4c5d6e7f8`;
  const slices: readonly (readonly [string, (i: number) => string])[] = [
    ['by ids that begin with their card', (i) => `UUID="MIG-${uuid(Math.floor(i / 7))}/${i % 7}/0"`],
    ['by the place of their card', (i) => `UUID="MIG-${i}",pci_bus_id="0000:${Math.floor(i / 7)}A:00.0",Hostname="n1"`],
    ['by power that is repeated', (i) => `UUID="MIG-${i}"`],
  ];
  test.each(slices)('MIG x7 counted as cards, told %s', (_, labels) => {
    const made = pools('nvidia-a800-sxm', 'dcgm', 4);
    expect(made.play(a800(labels, 28, (i, n) => watts(Math.floor(i / 7), n, 200, 390)))).toEqual([
      'slices_as_cards of p',
    ]);
    expect(made.events[0]?.detail).toEqual({ suspect: 'slices_as_cards', devices: 28, cards: 4, declared: 4 });
    made.close();
  });

  test('910C: each die says what its package draws', () => {
    const made = pools('ascend-910c-9392', 'npu-exporter', 8);
    expect(made.play(npu('9392--V1', 16, 450, 690))).toEqual(['dies_as_packages of p']);
    expect(made.play(npu('9392--V1', 16, 200, 340))).toEqual([]);
    made.close();
  });

  test('dies under a row of the catalogue that knows none: twice the ids, none above half a package', () => {
    const made = pools('ascend-910b3', 'npu-exporter', 8);
    expect(made.play(npu('910B3-Ascend-V1', 16, 120, 170))).toEqual(['dies_as_packages of p']);
    made.close();
  });
});

describe('what is no evidence raises nothing', () => {
  const quiet: readonly (readonly [string, string, string, number, (n: number) => readonly string[]])[] = [
    [
      'more cards than declared, each with its own power',
      'nvidia-a800-sxm',
      'dcgm',
      6,
      a800(
        (i) => `UUID="GPU-${i}"`,
        8,
        (i, n) => watts(i, n, 100, 390),
      ),
    ],
    [
      'twice as many cards, which draw more than half a package',
      'ascend-910b3',
      'npu-exporter',
      4,
      npu('910B3-Ascend-V1', 8, 150, 340),
    ],
    [
      'the same place on several nodes',
      'nvidia-a800-sxm',
      'dcgm',
      4,
      a800(
        (i) => `UUID="GPU-${i}",pci_bus_id="0000:0${i % 2}:00.0",Hostname="n${i >> 1}"`,
        8,
        (i, n) => watts(i, n, 250, 390),
      ),
    ],
    [
      'idle cards that all show the same whole watts',
      'nvidia-a800-sxm',
      'dcgm',
      4,
      a800(
        (i) => `UUID="GPU-${i}"`,
        8,
        () => 60,
        0,
      ),
    ],
    [
      'cards that sleep',
      'nvidia-a800-sxm',
      'dcgm',
      8,
      a800(
        (i) => `UUID="GPU-${i}"`,
        8,
        () => 0.3,
        0,
      ),
    ],
    ['no TDP in the catalogue', 'ascend-910b1', 'npu-exporter', 8, npu('910B1-Ascend-V1', 8, 90_000, 340_000)],
    [
      'MIG slices of cards that have one id each',
      'nvidia-a800-sxm',
      'dcgm',
      1,
      (n) =>
        cards(7).flatMap((i) => [
          `DCGM_FI_DEV_POWER_USAGE{UUID="GPU-0",modelName="NVIDIA A800-SXM4-80GB",GPU_I_ID="${i}",GPU_I_PROFILE="1g.10gb"} ${watts(0, n, 200, 390).toFixed(3)}`,
        ]),
    ],
  ];
  test.each(quiet)('%s', (_, accelerator, family, count, lines) => {
    const made = pools(accelerator, family, count);
    expect(made.play(lines)).toEqual([]);
    expect(made.events).toEqual([]);
    made.close();
  });

  test('random healthy pools, also with cards missing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a800', '910b3', '910c'),
        fc.integer({ min: 1, max: 8 }),
        fc.double({ min: 0.15, max: 0.6, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (kind, present, low, activity) => {
          const [from, to] = [low, low + 0.4];
          const [made, lines] = {
            a800: () =>
              [
                pools('nvidia-a800-sxm', 'dcgm', 8),
                a800(
                  (i) => `UUID="GPU-${i}"`,
                  present,
                  (i, n) => watts(i, n, 400 * from, 400 * to),
                  activity,
                ),
              ] as const,
            '910b3': () =>
              [
                pools('ascend-910b3', 'npu-exporter', 8),
                npu('910B3-Ascend-V1', present, 350 * from, 350 * to, Math.round(activity * 100)),
              ] as const,
            '910c': () =>
              [
                pools('ascend-910c-9392', 'npu-exporter', 4),
                npu('9392--V1', present, 350 * from, 350 * to, Math.round(activity * 100)),
              ] as const,
          }[kind]();
          try {
            expect(made.play(lines, 25)).toEqual([]);
          } finally {
            made.close();
          }
        },
      ),
      { seed: 2030, numRuns: 20 },
    );
  });
});

describe('accelerators against IT meters', () => {
  const steady = (from: number) =>
    a800(
      (i) => `UUID="GPU-${i}"`,
      8,
      () => from,
    );

  test('over the same hour: 8 x 350 W of 10 kW, the rest is not explained', () => {
    const made = pools('nvidia-a800-sxm', 'dcgm', 8);
    made.write([ups]);
    made.play(steady(350), 241);
    finish(made.closure.count(END, -Infinity));
    expect(made.ratio('it')).toBeCloseTo(0.72, 9);
    made.close();
  });

  test('absent where less than 95 % of the hour was seen, or where a card says no power', () => {
    const made = pools('nvidia-a800-sxm', 'dcgm', 8);
    made.write([ups]);
    made.play(steady(350), 228);
    finish(made.closure.count(END, -Infinity));
    expect(made.ratio('it')).toBeUndefined();
    made.close();
    const other = pools('nvidia-a800-sxm', 'dcgm', 8);
    other.write([ups]);
    other.play(
      (n) => steady(350)(n).filter((line) => !line.startsWith('DCGM_FI_DEV_POWER') || !line.includes('GPU-3')),
      241,
    );
    finish(other.closure.count(END, -Infinity));
    expect(other.ratio('it')).toBeUndefined();
    other.close();
  });
});
