import { expect, test } from 'vitest';
import { holders } from '../../../../exporter/account/compute/compute-holder.ts';
import { fleetBeginning, integrateFleet } from '../../../../exporter/account/compute/fleet-integration.ts';
import { fleetWaterfall } from '../../../../exporter/account/compute/fleet-waterfall.ts';
import { modelIndex } from '../../../../exporter/judge/device/device-model.ts';
import { type FleetWork, judgeFleet } from '../../../../exporter/judge/fleet/fleet-judge.ts';
import type { FleetQuery } from '../../../../exporter/judge/fleet/fleet-queries.ts';
import { unknownFacts } from '../../../../exporter/judge/fleet/fleet-scope.ts';
import { loadPlan } from '../../../../model/load.ts';
import { estate } from '../../../../model/schema/estate.ts';

const plan = loadPlan('plan');
const family = plan.families.get('dcgm')!;
const accelerator = plan.accelerators.get('nvidia-a100-sxm')!;
const [pool] = estate.shape.pools.parse([
  { id: 'p', cluster: 'c', accelerator: accelerator.id, count: 10, nodes: { names: ['n'] } },
]);
const holderOf = holders(
  estate.shape.tenants.parse([
    { id: 'copper', action: 'industry', namespaces: ['train', 'tune'], data_class: 'general' },
  ]),
);

const answer = (about: FleetQuery['about'], rows: [object, number][], tier?: FleetQuery['tier']) => ({
  query: { about, promql: '', tier },
  samples: rows.map(([labels, value]) => ({ labels: { ...labels }, text: String(value), at: 0 })),
});
const facts = { ...unknownFacts, namespace: 'ns' };
const judge = (answers: ReturnType<typeof answer>[], rejected = new Map()) =>
  judgeFleet(
    { time: 0, look: { facts, rejected }, answers },
    family,
    accelerator,
    modelIndex(plan.accelerators.values()),
  );

const cards = [
  answer('devices', [[{}, 9]]),
  answer('healthy', [[{}, 8]]),
  answer('allocated', [
    [{ ns: 'train' }, 4],
    [{ ns: 'tune' }, 1],
    [{ ns: 'x' }, 2],
  ]),
  answer('busy_devices', [[{}, 5]]),
  answer('power', [[{}, 2500.5]]),
  answer('clamped', []),
  answer('models', [
    [{ modelName: 'NVIDIA A100-SXM4-80GB' }, 9],
    [{ modelName: 'NVIDIA H800' }, 2],
    [{ modelName: 'Nobody' }, 1],
    [{}, 3],
  ]),
  answer(
    'split_work',
    [
      [{ ns: 'train' }, 2],
      [{ ns: 'tune' }, 0.5],
      [{ ns: 'x' }, 0.25],
      [{}, 1],
    ],
    'T1',
  ),
];

test('a waterfall of sums', () => {
  const judged = judge(cards);
  expect(judged).toMatchObject({ racked: 9, healthy: 8, powerW: 2500.5, clamped: 0 });
  expect(judged.allocated).toEqual({ devices: 7, share: 7 });
  expect([...judged.unknownModels]).toEqual([
    ['NVIDIA H800', 2],
    ['Nobody', 1],
    ['unnamed', 3],
  ]);
  expect([...judged.rejected]).toEqual([
    ['wrong_model', 2],
    ['unknown_model', 4],
  ]);
  const { nominal, telemetry } = fleetWaterfall(pool!, accelerator, judged, holderOf);
  expect(nominal).toBeCloseTo(3.12, 12);
  expect(telemetry?.racked).toEqual({ accelerators: 9, pflops: (9 * 312) / 1000 });
  expect(telemetry?.busy?.accelerators).toBe(5);
  expect(telemetry?.delivered.get('T1')).toBeCloseTo((2.75 * 312) / 1000, 12);
  expect([...(telemetry?.tenants ?? [])].map(([tenant, { accelerators }]) => [tenant, accelerators])).toEqual([
    ['copper', 5],
    ['undeclared', 2],
  ]);
});

test('what is absent is unknown, not 0', () => {
  expect(judge([answer('devices', [[{}, 2]])])).toMatchObject({ powerW: null, work: [], busy: { devices: 0 } });
  expect(judge([answer('devices', [[{}, 2]]), answer('allocated', [[{ ns: 'train' }, 2]])]).busy).toBeNull();
  const refused = judge([], new Map([['no_identity', 3]]));
  expect(fleetWaterfall(pool!, accelerator, refused, holderOf).telemetry).toBeNull();
  expect(fleetWaterfall(pool!, accelerator, null, holderOf).telemetry).toBeNull();
});

test('work is the trapezoid between answers, exact with remainders, and nothing across a gap', () => {
  const work = (train: number, all: number): FleetWork[] => [{ tier: 'T1', all, held: new Map([['train', train]]) }];
  const options = { accelerator, maxGap: 45_000, holderOf };
  let state = fleetBeginning;
  const at = (time: number, train: number, all: number) => {
    const next = integrateFleet(state, { at: time, work: work(train, all) }, options);
    state = next.state;
    return Object.fromEntries(next.credits.map(({ tenant, gflop }) => [tenant, gflop]));
  };
  expect(at(0, 1, 1.5)).toEqual({ copper: 0n, unassigned: 0n });
  // 312 TFLOPS x 15,000 ms, and half of it for nobody
  expect(at(15_000, 1, 1.5)).toEqual({ copper: 4_680_000n, unassigned: 2_340_000n });
  // the pod is gone: half an interval of what it did
  expect(at(30_000, 0, 0)).toEqual({ copper: 2_340_000n, unassigned: 1_170_000n });
  expect(at(30_001, 1 / 312, 1 / 312)).toMatchObject({ copper: 0n });
  expect(at(30_002, 1 / 312, 1 / 312)).toMatchObject({ copper: 1n });
  expect(at(75_003, 1, 1)).toMatchObject({ copper: 0n });
  expect(at(90_003, 1, 1)).toMatchObject({ copper: 4_680_000n });
});
