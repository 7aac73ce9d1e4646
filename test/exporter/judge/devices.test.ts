import { describe, expect, test } from 'vitest';
import { FamilyError } from '../../../exporter/judge/device/device-family.ts';
import { poolSource } from '../../../model/schema/sources.ts';
import { RECEIVED, acceleratorRow, judgeText, poolOf } from '../device-rows.ts';

const H100 = 'gpu="0",UUID="GPU-1",modelName="NVIDIA H100 80GB HBM3"';
const TENSOR = 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE';
const dcgm = (text: string, rest = {}) => judgeText(text, 'dcgm', 'h100', rest);
const at = (time: number, timestamps: 'honor' | 'ignore' = 'honor') =>
  dcgm(`${TENSOR}{${H100}} 0.4 ${time}`, { timestamps });
const of = (name: string) => dcgm(`${TENSOR}{UUID="GPU-1",modelName="${name}"} 0.4`);

const npu = (text: string) => judgeText(text, 'npu-exporter', 'core-only');
const chip = (model: string) =>
  `id="0",model_name="${model}",namespace="",pcie_bus_info="0000:61:00.0",pod_name="",vdie_id=""`;
const line = (id: number, health: number | null) =>
  `npu_chip_info_utilization{id="${id}",model_name="910A-Ascend-V1"} 5
   ${health === null ? '' : `npu_chip_info_health_status{id="${id}",model_name="910A-Ascend-V1"} ${health}`}`;
const healthOf = (text: string) => npu(text).devices.map((device) => device.healthy);

describe('a whole DCGM card', () => {
  test('with tensor activity and clock is T1: 0.4 at 2100 of 2000 MHz', () => {
    const { devices, rejected } = dcgm(`
      DCGM_FI_DEV_SM_CLOCK{${H100},namespace="a",pod="p"} 2100
      DCGM_FI_DEV_POWER_USAGE{${H100},namespace="a",pod="p"} 612.5
      ${TENSOR}{${H100},namespace="a",pod="p"} 0.400000
      DCGM_FI_DEV_GPU_UTIL{${H100},namespace="a",pod="p"} 97
      DCGM_FI_DEV_FB_USED{${H100},namespace="a",pod="p"} 70000`);
    expect(devices).toEqual([
      {
        id: 'UUID="GPU-1"',
        model: 'h100',
        healthy: true,
        activity: 0.4,
        signal: 'tensor',
        clockRatio: 1.05,
        tier: 'T1',
        peakTflops: 1000,
        powerW: 612.5,
        allocations: [{ namespace: 'a', pod: 'p', share: 1, activity: 0.4 }],
        at: RECEIVED,
      },
    ]);
    expect(rejected.size).toBe(0);
  });

  test.each([
    ['no clock', '', 'T2', null],
    ['a clock of 0', `DCGM_FI_DEV_SM_CLOCK{${H100}} 0`, 'T2', null],
    ['a clock in Hz', `DCGM_FI_DEV_SM_CLOCK{${H100}} 2e9`, 'T2', null],
    ['a clock', `DCGM_FI_DEV_SM_CLOCK{${H100}} 1000`, 'T1', 0.5],
  ])('tensor activity and %s', (_, clock, tier, clockRatio) => {
    const { devices } = dcgm(`${TENSOR}{${H100}} 0.4\n${clock}`);
    expect(devices).toMatchObject([{ activity: 0.4, tier, clockRatio }]);
  });

  test.each([
    [`DCGM_FI_PROF_SM_ACTIVE{${H100}} 0.6\nDCGM_FI_DEV_GPU_UTIL{${H100}} 90`, 'T3', 0.6],
    [`DCGM_FI_DEV_GPU_UTIL{${H100}} 90`, 'T4', 0.9],
    [`DCGM_FI_DEV_POWER_USAGE{${H100}} 90`, null, null],
  ])('the best signal sets the tier; without one activity is unknown, not 0', (text, tier, activity) => {
    expect(dcgm(text).devices).toMatchObject([{ tier, activity, healthy: true }]);
  });

  test('an upper bound holds while the card boosts, and is not lowered by a low clock', () => {
    const busy = `DCGM_FI_PROF_SM_ACTIVE{${H100}} 1`;
    expect(dcgm(`${busy}\nDCGM_FI_DEV_SM_CLOCK{${H100}} 2200`).devices).toMatchObject([
      { tier: 'T3', clockRatio: 1.1 },
    ]);
    expect(dcgm(`${busy}\nDCGM_FI_DEV_SM_CLOCK{${H100}} 500`).devices).toMatchObject([
      { tier: 'T3', clockRatio: null },
    ]);
  });

  test('is the same card under Hostname and hostname', () => {
    const { devices } = dcgm(`
      ${TENSOR}{${H100},Hostname="n3"} 0.4
      DCGM_FI_DEV_SM_CLOCK{${H100},hostname="n3"} 2000`);
    expect(devices).toMatchObject([{ tier: 'T1', activity: 0.4 }]);
  });

  test('behind another Prometheus belongs to exported_pod, and an idle one not to the pod of the exporter', () => {
    const own = 'namespace="gpu-operator",pod="dcgm-exporter-x7"';
    const { devices } = dcgm(`
      ${TENSOR}{${H100},${own},exported_namespace="a",exported_pod="train-0"} 0.4
      ${TENSOR}{UUID="GPU-2",modelName="NVIDIA H100 80GB HBM3",${own}} 0`);
    expect(devices.map(({ allocations }) => allocations)).toEqual([
      [{ namespace: 'a', pod: 'train-0', share: 1, activity: 0.4 }],
      [],
    ]);
  });

  describe('read from another Prometheus', () => {
    const card = (id: number, node: number, labels: string, job = 'dcgm') =>
      `${TENSOR}{UUID="GPU-${id}",modelName="NVIDIA H100 80GB HBM3",instance="n${node}:9400",job="${job}"${labels && `,${labels}`}} 0.4`;
    const own = (node: number) => `namespace="gpu-operator",pod="dcgm-exporter-${node}"`;
    const held = (pod: string) => `namespace="a",pod="${pod}"`;
    const kept = { pool: poolOf('h100', 'dcgm', 8) };
    kept.pool.telemetry!.source = poolSource.parse({ protocol: 'prometheus', url: 'http://p', honor_labels: true });
    const pods = (lines: string[], rest = {}) =>
      judgeText(`${lines.join('\n')}\n`, 'dcgm', 'h100', rest).devices.map(
        ({ allocations }) => allocations[0]?.pod ?? '',
      );

    test.each([
      ['the last job has ended', [card(1, 1, own(1)), card(2, 1, own(1)), card(3, 2, own(2))], ['', '', '']],
      ['one card of each node', [card(1, 1, own(1)), card(2, 2, own(2))], ['', '']],
      ['two jobs, of which one has no pods', [card(1, 1, own(1)), card(2, 2, '', 'static')], ['', '']],
      ['labels kept, two pods on a node', [card(1, 1, held('x')), card(2, 1, held('y'))], ['x', 'y']],
      ['labels kept, a free card', [card(1, 1, held('x')), card(2, 1, '')], ['x', '']],
      ['labels kept, a free node', [card(1, 1, held('x')), card(2, 1, held('x')), card(3, 2, '')], ['x', 'x', '']],
    ])('%s', (_, lines, wanted) => {
      expect(pods(lines)).toEqual(wanted);
      expect(pods(lines.toReversed())).toEqual(wanted);
    });

    test('one pod on all cards of each node looks like the exporter, unless the declaration says that labels are kept', () => {
      const lines = [card(1, 1, held('x')), card(2, 1, held('x'))];
      expect(pods(lines)).toEqual(['', '']);
      expect(pods(lines, kept)).toEqual(['x', 'x']);
    });

    test('a text that no Prometheus has touched is taken as it is', () =>
      expect(pods([`${TENSOR}{${H100},${held('x')}} 0.4`])).toEqual(['x']));

    test('a label that no discovery sets is the workload’s', () => {
      const told = (id: string) =>
        `npu_chip_info_utilization{vdie_id="${id}",model_name="910B3",instance="n1",job="npu",pod_name="x",namespace="a"} 50`;
      const { devices } = judgeText(`${told('1')}\n${told('2')}\n`, 'npu-exporter', 'no-clock');
      expect(devices.map(({ allocations }) => allocations[0]?.pod)).toEqual(['x', 'x']);
    });
  });
});

describe('values that are no readings', () => {
  test.each([
    ['not_a_number', `${TENSOR}{${H100}} NaN`],
    ['not_a_number', `${TENSOR}{${H100}} +Inf`],
    ['sentinel', `${TENSOR}{${H100}} 9223372036854775794`],
    ['below_range', `${TENSOR}{${H100}} -0.1`],
    ['above_range', `${TENSOR}{${H100}} 40`],
    ['above_range', `DCGM_FI_DEV_POWER_USAGE{${H100}} 350000`],
    ['above_range', `DCGM_FI_DEV_SM_CLOCK{${H100}} 2501`],
    ['duplicate', `${TENSOR}{${H100}} 0.4\n${TENSOR}{${H100}} 0.5`, true],
  ])('%s: the device is there, its figure is not', (reason, text, healthy = false) => {
    const { devices, rejected, refusals } = dcgm(text);
    expect(devices).toMatchObject([{ activity: null, tier: null, powerW: null, clockRatio: null, healthy }]);
    expect([...rejected]).toEqual([[reason, text.split('\n').length]]);
    expect(refusals[0]?.what).toContain('GPU-1');
    expect(refusals[0]?.what).toContain(text.split(' ').at(-1));
  });

  test('a refused tensor reading leaves the next signal, at its own tier', () => {
    const { devices } = dcgm(`${TENSOR}{${H100}} NaN\nDCGM_FI_PROF_SM_ACTIVE{${H100}} 0.7`);
    expect(devices).toMatchObject([{ activity: 0.7, tier: 'T3' }]);
  });

  test('activity just above 1 is cut down and counted', () => {
    const { devices, clamped, rejected } = dcgm(`${TENSOR}{${H100}} 1.04`);
    expect(devices).toMatchObject([{ activity: 1 }]);
    expect([clamped, rejected.size]).toEqual([1, 0]);
  });

  test('a sample of a device metric without identity is counted, one of the machine is not', () => {
    expect(npu('machine_npu_nums 8')).toMatchObject({ devices: [], rejected: new Map() });
    expect([...npu('npu_chip_info_utilization{id="",model_name="910A-Ascend-V1"} 8').rejected]).toEqual([
      ['no_identity', 1],
    ]);
  });

  test('evidence is bounded, the count is not', () => {
    const lines = Array.from(
      { length: 40 },
      (_, i) => `${TENSOR}{UUID="GPU-${i}",modelName="NVIDIA H100 80GB HBM3"} NaN`,
    );
    const { rejected, refusals } = dcgm(lines.join('\n'));
    expect([rejected.get('not_a_number'), refusals.length]).toEqual([40, 5]);
  });
});

describe('explicit timestamps', () => {
  test('of now are the time of the reading', () => {
    expect(at(RECEIVED - 299_000).devices).toMatchObject([{ at: RECEIVED - 299_000 }]);
    const power = `DCGM_FI_DEV_POWER_USAGE{${H100}} 300 ${RECEIVED - 9000}`;
    expect(dcgm(`${power}\n${TENSOR}{${H100}} 0.4 ${RECEIVED - 2000}`).devices).toMatchObject([
      { at: RECEIVED - 2000 },
    ]);
    expect(dcgm(power).devices).toMatchObject([{ at: RECEIVED - 9000 }]);
    expect(at(RECEIVED + 59_000).devices).toMatchObject([{ at: RECEIVED + 59_000 }]);
  });

  test.each([
    ['stale_timestamp', RECEIVED - 301_000],
    ['future_timestamp', RECEIVED + 61_000],
  ])('%s: refused, and no reading is left', (reason, time) => {
    const { devices, rejected, refusals } = at(time);
    expect(devices).toEqual([]);
    expect([...rejected]).toEqual([[reason, 1]]);
    expect(refusals[0]?.what).toContain(String(time));
  });

  test('seconds in the place of milliseconds are no time: receipt is taken, aloud', () => {
    const { devices, rejected, refusals } = at(1_606_402_000);
    expect(devices).toMatchObject([{ activity: 0.4, at: RECEIVED }]);
    expect([...rejected]).toEqual([['impossible_timestamp', 1]]);
    expect(refusals).toHaveLength(1);
  });

  test('declared as ignored: receipt is taken, and counted only where honouring would have differed', () => {
    expect(at(RECEIVED - 400_000, 'ignore')).toMatchObject({
      devices: [{ at: RECEIVED }],
      rejected: new Map([['ignored_timestamp', 1]]),
      refusals: [],
    });
    expect(at(RECEIVED - 1000, 'ignore')).toMatchObject({ devices: [{ at: RECEIVED }], rejected: new Map() });
  });
});

describe('models', () => {
  test('are compared whole and without regard to case', () => {
    expect(of('nvidia h100 80gb hbm3').devices).toHaveLength(1);
    expect(of('NVIDIA H100 80GB HBM3 NVL').devices).toHaveLength(0);
  });

  test.each([
    ['unknown_model', 'NVIDIA H300', 'no reported_as'],
    ['unknown_model', '', 'no reported_as'],
    ['wrong_model', 'NVIDIA A800-SXM4-80GB', 'a800'],
  ])('%s (%s) counts no PFlops and is named', (reason, name, why) => {
    const { devices, rejected, unknownModels, refusals } = of(name);
    expect(devices).toEqual([]);
    expect([...rejected]).toEqual([[reason, 1]]);
    expect([...unknownModels]).toEqual([[name || 'unnamed', 1]]);
    expect(refusals[0]?.what).toContain(why);
  });

  test('a card that calls itself two things is neither', () => {
    const { devices, unknownModels } = dcgm(`
      ${TENSOR}{${H100}} 0.4
      DCGM_FI_DEV_SM_CLOCK{UUID="GPU-1",modelName="NVIDIA A800-SXM4-80GB"} 1500`);
    expect(devices).toEqual([]);
    expect([...unknownModels]).toEqual([['NVIDIA A800-SXM4-80GB / NVIDIA H100 80GB HBM3', 1]]);
  });
});

describe('npu-exporter', () => {
  test('a 910B reports cube utilisation: T2 without a reference clock, T1 never', () => {
    const { devices } = judgeText(
      `npu_chip_info_cube_utilization{${chip('910B3')}} 25
       npu_chip_info_utilization{${chip('910B3')}} 60
       npu_chip_info_aicore_current_freq{${chip('910B3')}} 1800
       npu_chip_info_health_status{${chip('910B3')}} 1`,
      'npu-exporter',
      'no-clock',
    );
    expect(devices).toMatchObject([{ activity: 0.25, tier: 'T2', clockRatio: null, healthy: true }]);
  });

  test('a 910A reports AI-core utilisation: T3', () => {
    const { devices } = judgeText(
      `npu_chip_info_utilization{${chip('910A-Ascend-V1')}} 60`,
      'npu-exporter',
      'core-only',
    );
    expect(devices).toMatchObject([{ activity: 0.6, tier: 'T3', peakTflops: 256, id: 'pcie_bus_info="0000:61:00.0"' }]);
  });

  test('two dies to a package have half the peak each', () => {
    const { devices } = judgeText(
      `npu_chip_info_cube_utilization{id="0",model_name="Ascend910C",vdie_id="A"} 50
       npu_chip_info_cube_utilization{id="1",model_name="Ascend910C",vdie_id="B"} 50`,
      'npu-exporter',
      'two-dies',
    );
    expect(devices.map(({ peakTflops }) => peakTflops)).toEqual([400, 400]);
  });

  test('where health is said, it counts; a chip of which it is not said is not healthy', () => {
    expect(healthOf([line(0, 1), line(1, 0), line(2, -1), line(3, null)].join('\n'))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(healthOf(line(0, null))).toEqual([true]);
  });
});

test('a made-up vendor needs rows alone: per mille, kHz, mW, two identity labels, health by two values', () => {
  const card = 'chassis="4",slot="2",sku="",card="Cinnabar C1",project="lab",workload="w"';
  const { devices } = judgeText(
    `cin_matrix_permille{${card}} 125
     cin_clock_khz{${card}} 900000
     cin_board_milliwatts{${card}} 83000
     cin_state{${card}} 3`,
    'cinnabar',
    'cinnabar-c1',
  );
  expect(devices).toMatchObject([
    {
      id: 'chassis="4",slot="2"',
      activity: 0.125,
      clockRatio: 0.9,
      tier: 'T1',
      powerW: 83,
      healthy: true,
      allocations: [{ namespace: 'lab', pod: 'w', share: 1, activity: 0.125 }],
    },
  ]);
});

describe('an answer of another family is refused whole', () => {
  test('naming the family that it is of', () => {
    expect(() => dcgm('npu_chip_info_utilization{id="0"} 1')).toThrow(FamilyError);
    expect(() => dcgm('npu_chip_info_utilization{id="0"} 1')).toThrow(
      /pool pool: no metric of family dcgm \(prefixes DCGM_\).*npu_chip_info_utilization.*family npu-exporter: correct telemetry\.family/,
    );
  });
  test('or saying that there is none', () => {
    expect(() => dcgm('go_goroutines 9')).toThrow(/it has go_goroutines, … \(no family row has such a prefix/);
    expect(() => dcgm('')).toThrow(/it holds no sample/);
  });
});

test('the catalogue row without an FP16 figure has no peak to multiply with', () => {
  const { devices } = judgeText(`${TENSOR}{UUID="G",modelName="bf16 only"} 1`, 'dcgm', 'no-fp16');
  expect(acceleratorRow('no-fp16').peak_tflops).toEqual({ bf16: 512 });
  expect(devices).toMatchObject([{ activity: 1, peakTflops: undefined }]);
});

describe('the identity of a text', () => {
  test('a chip that lacks its die id on some lines stays one chip', () => {
    const labels = 'id="0",model_name="910A-Ascend-V1",pcie_bus_info="0000:61:00.0"';
    const { devices } = npu(`
      npu_chip_info_utilization{${labels},vdie_id="D0"} 40
      npu_chip_info_power{${labels},vdie_id=""} 300`);
    expect(devices.map(({ id, activity, powerW }) => ({ id, activity, powerW }))).toEqual([
      { id: 'pcie_bus_info="0000:61:00.0"', activity: 0.4, powerW: 300 },
    ]);
  });
});
