import assert from 'node:assert/strict';
import type { Check } from '../tally.ts';
import { EVERY_MS, pool } from './estate.ts';
import { eventsOf } from './greenflops.ts';
import { executed, workOf, type Work } from './work-done.ts';
import type { Part, Run } from './run.ts';

const site = 'work';
const COUNT = 32;
const CARDS_OF_A_NODE = 8;
const FAULT_S = 15;

/** What a pool's exporter tells decides the tier, and how near the truth its work must be. */
interface Told {
  readonly id: string;
  readonly accelerator: string;
  readonly family: string;
  readonly tier: string;
  /** Activity in whole per cents: half a point of peak may hide. */
  readonly percent?: true;
  /** Core activity: never below the work, and above it by as much as it likes. */
  readonly upper?: true;
  /** Of one card of each node. A node's job keeps all its eight cards equally busy. */
  readonly fault?: string;
}

const dcgm = { accelerator: 'nvidia-a800-sxm', family: 'dcgm', tier: 'T1' };
const npu = { family: 'npu-exporter', percent: true } as const;
const exact: readonly Told[] = [
  { id: 'a800', ...dcgm },
  { id: 'mig', ...dcgm, fault: 'mig' },
  // No source gives H20's reference clock: T2, though the clock is told.
  { id: 'h20', accelerator: 'nvidia-h20', family: 'dcgm', tier: 'T2' },
  { id: 'b3', accelerator: 'ascend-910b3', ...npu, tier: 'T2' },
  { id: 'a910', accelerator: 'ascend-910a', ...npu, tier: 'T3', upper: true },
];
const clock: Told = { id: 'clock', ...dcgm, fault: 'clock_wrong' };
const unknown: Told = { id: 'unknown', ...dcgm, fault: 'unknown_model' };
const pools = [...exact, clock, unknown];

export const workingPools: Part = {
  site,
  meters: [],
  pools: pools.map(({ id, accelerator, family }) =>
    pool(id, site, accelerator, COUNT, { family, url: `http://127.0.0.1:19400/${id}` }),
  ),
  plays: pools.flatMap(({ id, fault: kind }) =>
    kind === undefined
      ? []
      : Array.from({ length: COUNT / CARDS_OF_A_NODE }, (_, node) => {
          return { target: `${id}/${node * CARDS_OF_A_NODE}`, fault: { kind }, seconds: FAULT_S };
        }),
  ),
};

/** 0.1 %, one interval for each job edge, and half a point of peak x device-seconds where activity comes in whole per cents. */
const slackOf = ({ executed: done, edges, deviceSeconds, peak }: Work, percent = false): number =>
  0.001 * done + edges * (EVERY_MS / 1000) + (percent ? 0.005 * peak * deviceSeconds : 0);

async function isExact(run: Run, told: Told): Promise<void> {
  const rows = await workOf(run, told.id);
  assert.ok(rows.length > 0, `${told.id}: no work was counted`);
  for (const row of rows) {
    const { tenant, counted } = row;
    const others = Object.keys(counted).filter((tier) => tier !== told.tier);
    assert.deepEqual(others, [], `${told.id} ${tenant}: tier ${told.tier} alone`);
    const sum = counted[told.tier] ?? 0;
    const slack = slackOf(row, told.percent);
    const most = told.upper ? row.peak * row.deviceSeconds : row.executed;
    const said = `${told.id} ${tenant} ${told.tier}: counted ${sum} of ${row.executed} PFlop-seconds, slack ${slack}`;
    assert.ok(sum >= row.executed - slack && sum <= most + slack, said);
    console.log(`  ${said}`);
  }
}

const sum = (rows: readonly Work[], of: (row: Work) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);
/** One interval at either end of a fault may count as before or after it. */
const INTERVALS_MS = 2 * EVERY_MS;
const SHARE = 1 / CARDS_OF_A_NODE;
/** Reference clock over the lowest clock of the twin's A800. */
const SLOWEST = 1410 / 1155;

function faultOf(run: Run, id: string): { start: number; end: number } {
  const fault = run.twin.faults().find(({ target }) => target === `${id}/0`);
  assert.ok(fault?.end, `${id}: the fault was played and is over`);
  return { start: fault.start, end: fault.end };
}

/** The clock is refused, not believed: those cards' work goes on at the reference clock, as the weaker evidence T2. */
async function clockIsRefused(run: Run): Promise<void> {
  const rows = await workOf(run, clock.id);
  const { start, end } = faultOf(run, clock.id);
  const [t1, t2] = [sum(rows, ({ counted }) => counted['T1'] ?? 0), sum(rows, ({ counted }) => counted['T2'] ?? 0)];
  const all = sum(rows, (row) => row.executed);
  const slack = sum(rows, (row) => slackOf(row));
  const least = SHARE * executed(run, clock.id, start + INTERVALS_MS, end - INTERVALS_MS);
  const most = SHARE * executed(run, clock.id, start - INTERVALS_MS, end + INTERVALS_MS);
  const said = `clock: T1 ${t1} and T2 ${t2} of ${all} PFlop-seconds, ${least} to ${most} of them under the fault`;
  assert.ok(t1 >= all - most - slack && t1 <= all - least + slack, said);
  assert.ok(t2 >= least - slack && t2 <= most * SLOWEST + slack, said);
  const refused = await run.samples(`greenflops_source_rejected_samples_total{source="clock",reason="above_range"}`);
  assert.ok(Number(refused[0]?.points.at(-1)?.[1]) > 0, 'refused clocks are counted');
  const events = await eventsOf(run.store, clock.id);
  assert.ok(
    events.some(({ kind, wire }) => kind === 'device_refused' && wire.includes('DCGM_FI_DEV_SM_CLOCK')),
    `an event that names the clock among ${JSON.stringify(events)}`,
  );
  console.log(`  ${said}`);
}

/** Cards of a model that no catalogue has do nothing that counts, and are told of. */
async function unknownCountsNothing(run: Run): Promise<void> {
  const rows = await workOf(run, unknown.id);
  const { start, end } = faultOf(run, unknown.id);
  const counted = sum(rows, (row) => row.counted['T1'] ?? 0);
  const all = sum(rows, (row) => row.executed);
  const slack = sum(rows, (row) => slackOf(row));
  const [least, most] = [
    SHARE * executed(run, unknown.id, start, end),
    SHARE * executed(run, unknown.id, start - INTERVALS_MS, end + INTERVALS_MS),
  ];
  const said = `unknown: counted ${counted} of ${all} PFlop-seconds, ${least} to ${most} of them by unknown cards`;
  assert.ok(counted >= all - most - slack && counted <= all - least + slack, said);
  const cards = COUNT / CARDS_OF_A_NODE;
  const racked = await run.valueAt(`greenflops_compute_pflops{pool="unknown",step="racked"}`, (start + end) / 2);
  assert.ok(Math.abs(racked - (COUNT - cards) * 0.312) < 1e-9, `racked: ${racked} PFlops`);
  const told = `greenflops_unknown_accelerator{pool="unknown",model="Nobody NVIDIA A800-SXM4-80GB"}`;
  assert.equal(await run.valueAt(told, (start + end) / 2), cards);
  assert.ok(Number.isNaN(await run.valueAt(told, run.to)), 'no unknown accelerator is left after the fault');
  assert.ok((await eventsOf(run.store, unknown.id)).some(({ kind }) => kind === 'unknown_model'));
  console.log(`  ${said}`);
}

export const workChecks = (run: () => Promise<Run>): Check[] => [
  ...exact.map((told): Check => {
    const { id, accelerator, tier, fault, percent, upper } = told;
    const bound = upper ? 'never below the work' : percent ? 'half a point of peak' : '0.1 %';
    return [
      `pool ${id} (${accelerator}, ${tier}${fault ? `, ${fault}` : ''}) by tenant: ${bound}`,
      async () => isExact(await run(), told),
    ];
  }),
  [
    'a wrong clock is refused: the card falls to T2, the others stay T1, nothing is invented',
    async () => clockIsRefused(await run()),
  ],
  ['cards of an unknown model count no PFlops and are told of', async () => unknownCountsNothing(await run())],
];
