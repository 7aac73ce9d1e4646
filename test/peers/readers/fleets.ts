import assert from 'node:assert/strict';
import { fleetBeginning, integrateFleet } from '../../../exporter/account/compute/fleet-integration.ts';
import { fleetWaterfall } from '../../../exporter/account/compute/fleet-waterfall.ts';
import { holders } from '../../../exporter/account/compute/compute-holder.ts';
import { beginning, integrate, type Credit } from '../../../exporter/account/compute/integration.ts';
import { waterfall, type Waterfall } from '../../../exporter/account/compute/waterfall.ts';
import { tflopsAt } from '../../../exporter/account/compute/compute-rate.ts';
import { FamilyError } from '../../../exporter/judge/device/device-family.ts';
import { modelIndex } from '../../../exporter/judge/device/device-model.ts';
import type { Device, JudgedDevices } from '../../../exporter/judge/device/device.ts';
import { judgeDevices } from '../../../exporter/judge/device/devices.ts';
import { type FleetJudgement, judgeFleet } from '../../../exporter/judge/fleet/fleet-judge.ts';
import { openFleet } from '../../../exporter/judge/fleet/open-fleet.ts';
import { Gateways } from '../../../exporter/read/gateways.ts';
import { ReadError, type ExpositionSample } from '../../../exporter/read/reader.ts';
import type { Plan } from '../../../model/plan.ts';
import type { Rejection } from '../../../model/reasons.ts';
import { estate, type Pool } from '../../../model/schema/estate.ts';
import type { Backfilled } from '../backfilled.ts';
import { randomFleet } from './random-fleet.ts';

/** Families with slices, with health, with info metrics, without model names; and a model of each. */
const KINDS = [
  ['dcgm', 'nvidia-a100-sxm', 'nvidia-h100-sxm'],
  ['dcgm', 'nvidia-h800-sxm', 'nvidia-a100-sxm'],
  ['npu-exporter', 'ascend-910b3', 'ascend-910a'],
  ['npu-exporter', 'ascend-910c-9392', 'ascend-910a'],
  ['nvidia-smi', 'nvidia-a100-sxm', 'nvidia-h100-sxm'],
  ['mlu-exporter', 'nvidia-a100-sxm', 'nvidia-h100-sxm'],
  ['hygon-dcu-sysfs', 'nvidia-a100-sxm', 'nvidia-h100-sxm'],
  ['amd-device-metrics', 'nvidia-a100-sxm', 'nvidia-h100-sxm'],
] as const;
const FLEETS_OF_A_KIND = Number(process.env['GREENFLOPS_FLEETS'] ?? 8);
/** Refused samples that both ways count alike. */
export const COUNTED: readonly Rejection[] = ['not_a_number', 'sentinel', 'below_range', 'above_range', 'no_identity'];
const EVERY_MS = 15_000;
const holderOf = holders(
  estate.shape.tenants.parse([
    { id: 'copper', action: 'industry', namespaces: ['train'], data_class: 'general' },
    { id: 'rice', action: 'agriculture', namespaces: ['infer'], data_class: 'general' },
  ]),
);

export interface Fleet {
  readonly labels: Record<string, string>;
  readonly kind: (typeof KINDS)[number];
  readonly instants: readonly (readonly ExpositionSample[])[];
}

/** @param instants how many there are of each */
export function randomFleets(plan: Plan, instants: number): Fleet[] {
  return KINDS.flatMap((kind, at) =>
    Array.from({ length: FLEETS_OF_A_KIND }, (_, index): Fleet => {
      const [family, accelerator, other] = kind;
      const seed = at * 1000 + index;
      const row = plan.families.get(family)!;
      const [own, another] = [plan.accelerators.get(accelerator)!, plan.accelerators.get(other)!];
      return { kind, labels: { fleet: String(seed) }, instants: randomFleet(row, own, another, seed, instants) };
    }),
  );
}

const poolOf = (url: string, family: string, accelerator: string, labels: Record<string, string>): Pool =>
  estate.shape.pools.parse([
    {
      id: 'fleet',
      cluster: 'c',
      accelerator,
      count: 8,
      nodes: { names: ['n0'] },
      telemetry: { family, source: { protocol: 'prometheus', url, matchers: labels, aggregate: true } },
    },
  ])[0]!;

/** Both ways of one fleet at two instants (Unix ms), and that they agree to 1e-9. @returns devices that both saw */
export async function agrees(
  plan: Plan,
  server: Pick<Backfilled, 'url'>,
  fleet: Fleet,
  times: readonly number[],
  reasons: readonly Rejection[] = COUNTED,
): Promise<number> {
  const [familyId, acceleratorId] = fleet.kind;
  const [family, accelerator] = [plan.families.get(familyId)!, plan.accelerators.get(acceleratorId)!];
  const pool = poolOf(server.url, familyId, acceleratorId, fleet.labels);
  const source = pool.telemetry?.source;
  assert.ok(source?.protocol === 'prometheus');
  const known = modelIndex(plan.accelerators.values());
  const options = { maxGap: 3 * EVERY_MS, holderOf };
  let [single, summed] = [beginning, fleetBeginning];
  let devices = 0;
  let lastly: readonly Device[] = [];
  for (const [index, time] of times.entries()) {
    const gateways = new Gateways();
    try {
      const said = `fleet ${fleet.labels['fleet']} (${familyId}) at ${index}`;
      const one = judged(fleet.instants[index] ?? [], pool, plan, time);
      const all: FleetJudgement | null = await openFleet(pool, family, accelerator, source, gateways, () => time)
        .read(new AbortController().signal)
        .then((answer) => judgeFleet(answer, family, accelerator, known))
        .catch((error: unknown) => {
          if (error instanceof ReadError && error.failure === 'empty') return null;
          throw error;
        });
      if (one === null || all === null) {
        assert.equal(all, one === null ? null : undefined, `${said}: an answer on one way alone`);
        continue;
      }
      sameCounts(one, all, reasons, said);
      near(
        plain(fleetWaterfall(pool, accelerator, all, holderOf)),
        plain(waterfall(pool, accelerator, one, holderOf)),
        `${said}: waterfall`,
      );
      const before = integrate(single, { at: time, devices: one.devices }, options);
      const after = integrateFleet(summed, { at: time, work: all.work }, { ...options, accelerator });
      const half = lastly.length === 0 ? 0 : halfIntervals(lastly, one.devices);
      nearOrAbove(worked(after), worked(before), half, `${said}: work`);
      lastly = one.devices;
      [single, summed] = [before.state, after.state];
      devices += one.devices.length;
    } finally {
      await gateways.close();
    }
  }
  return devices;
}

function judged(samples: readonly ExpositionSample[], pool: Pool, plan: Plan, time: number): JudgedDevices | null {
  try {
    return judgeDevices(samples, {
      pool,
      family: plan.families.get(pool.telemetry?.family ?? '')!,
      families: plan.families.values(),
      accelerator: plan.accelerators.get(pool.accelerator)!,
      known: modelIndex(plan.accelerators.values()),
      received: time,
      maxAge: 300_000,
      timestamps: 'honor',
    });
  } catch (error) {
    if (error instanceof FamilyError) return null;
    throw error;
  }
}

function sameCounts(one: JudgedDevices, all: FleetJudgement, reasons: readonly Rejection[], said: string): void {
  const watts = one.devices.flatMap(({ powerW }) => powerW ?? []);
  const power = watts.length === 0 ? null : watts.reduce((sum, value) => sum + value, 0);
  near({ power: all.powerW }, { power }, `${said}: power`);
  assert.equal(all.clamped, one.clamped, `${said}: clamped`);
  assert.deepEqual(sorted(all.unknownModels), sorted(one.unknownModels), `${said}: models`);
  for (const reason of reasons)
    assert.equal(all.rejected.get(reason) ?? 0, one.rejected.get(reason) ?? 0, `${said}: refused as ${reason}`);
}

const sorted = (map: ReadonlyMap<string, number>): [string, number][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

/** Numbers by path. */
function plain({ nominal, telemetry }: Waterfall): Record<string, number | null> {
  const { racked, healthy, allocated, busy, delivered, tenants } = telemetry ?? {};
  const steps = { racked, healthy, allocated, busy, ...Object.fromEntries(tenants ?? []) };
  return {
    nominal,
    ...Object.fromEntries(
      Object.entries(steps).flatMap(([name, step]) => [
        [`${name} pflops`, step?.pflops ?? null],
        [`${name} accelerators`, step?.accelerators ?? null],
      ]),
    ),
    ...Object.fromEntries([...(delivered ?? [])].map(([tier, value]) => [`delivered ${tier}`, value])),
  };
}

/** Gflop by series with what is still too little to be credited; series without any are left out. */
function worked({ state, credits }: { state: { remainders: ReadonlyMap<string, number> }; credits: Credit[] }) {
  const sums = credits.map(({ tenant, action, tier, gflop }) => {
    const series = JSON.stringify([tenant, action, tier]);
    return [series, Number(gflop) + (state.remainders.get(series) ?? 0)] as const;
  });
  return Object.fromEntries(sums.filter(([, gflop]) => gflop > 1e-4));
}

/** Gflop of half an interval of those devices whose activity is known at one of two instants alone: nobody sees them come and go. */
function halfIntervals(before: readonly Device[], now: readonly Device[]): number {
  const rate = (devices: readonly Device[], others: readonly Device[]): number => {
    const known = new Set(others.filter(({ activity }) => activity !== null).map(({ id }) => id));
    return devices
      .filter(({ id }) => !known.has(id))
      .reduce((sum, device) => sum + (tflopsAt(device, device.activity) ?? 0), 0);
  };
  return ((rate(before, now) + rate(now, before)) * EVERY_MS) / 2;
}

/** Sums of work are those of the single devices, and above them by no more than `most` gflop. */
function nearOrAbove(got: Record<string, number>, wanted: Record<string, number>, most: number, said: string): void {
  if (most === 0) return near(got, wanted, said);
  const total = (sums: Record<string, number>): number => Object.values(sums).reduce((sum, gflop) => sum + gflop, 0);
  for (const [name, gflop] of Object.entries(wanted))
    assert.ok((got[name] ?? 0) >= gflop * (1 - 1e-9), `${said}: ${name} is ${got[name]}, device by device ${gflop}`);
  const excess = total(got) - total(wanted);
  assert.ok(Math.abs(excess - most) <= 1e-9 * total(got) + 1e-6, `${said}: ${excess} gflop more, of ${most} expected`);
}

function near(got: Record<string, number | null>, wanted: Record<string, number | null>, said: string): void {
  assert.deepEqual(Object.keys(got).sort(), Object.keys(wanted).sort(), said);
  for (const [name, value] of Object.entries(wanted)) {
    const other = got[name] ?? null;
    const equal =
      value === null || other === null
        ? value === other
        : Math.abs(other - value) <= 1e-9 * Math.max(1, Math.abs(value));
    assert.ok(equal, `${said}: ${name} is ${other}, device by device ${value}`);
  }
}
