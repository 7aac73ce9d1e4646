import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { LONGEST_WAIT_MS, OPENS_AFTER } from '../../exporter/breaker.ts';
import { Board, SERIES_BUDGET } from '../../exporter/publish/exposition.ts';
import type { Snapshot } from '../../exporter/publish/snapshot.ts';
import { startScript } from '../../exporter/ship/start-command.ts';
import { READS_AT_ONCE } from '../../exporter/timetable-slots.ts';
import { v8Flags } from '../../exporter/v8-flags.ts';
import { metric, type Emit, type Metric } from '../../model/metrics/metric.ts';
import { droppedFamilySeries, droppedSeries, ledgerUp } from '../../model/metrics/self.ts';

const common = { stability: 'stable', unit: '', help: { zh: '', en: '' } } as const;
const total = metric({ ...common, name: 'test_total', type: 'counter', labels: ['site', 'meter'] });
const card = metric({ ...common, name: 'test_card', type: 'gauge', labels: ['site', 'device'] });
const warmth = metric({ ...common, name: 'test_warmth', type: 'gauge', labels: ['site', 'device'] });
const catalogue: readonly Metric[] = [total, card, warmth, ledgerUp, droppedSeries, droppedFamilySeries];

const emitter = (cards: number, totals: number) => (emit: Emit) => {
  for (let i = 0; i < cards; i++) emit(card, { site: 's', device: `${i}` }, i);
  for (let i = 0; i < cards; i++) emit(warmth, { site: 's', device: `${i}` }, i);
  for (let i = 0; i < totals; i++) emit(total, { site: 's', meter: `${i}` }, i);
  emit(ledgerUp, {}, 1);
};
async function publish(board: Board, work: (emit: Emit) => void): Promise<Record<string, number>> {
  const cycle = board.begin();
  work(cycle.emit);
  const snapshot: Snapshot = await cycle.finish();
  const counts = Object.fromEntries(catalogue.map((one) => [one.name, snapshot.series(one).length]));
  const dropped = snapshot
    .series(droppedFamilySeries)
    .map(({ labels, value }) => [`-${labels['family']}`, Number(value)]);
  return {
    ...counts,
    ...(Object.fromEntries(dropped) as Record<string, number>),
    dropped: Number(snapshot.series(droppedSeries)[0]?.value),
  };
}
const clock = { wall: () => 0 };

test('series of single devices go first, though they are emitted first; what was cut is counted by metric', async () => {
  const board = new Board({ catalogue, clock, seriesBudget: 50 });
  await publish(board, emitter(100, 40));
  expect(await publish(board, emitter(100, 40))).toMatchObject({
    test_total: 40,
    test_card: 9,
    test_warmth: 0,
    greenflops_ledger_up: 1,
    '-test_card': 91,
    '-test_warmth': 100,
    dropped: 191,
  });
});

test('where the budget is short of totals too they are cut, and what says how the exporter is stays', async () => {
  const board = new Board({ catalogue, clock, seriesBudget: 10 });
  for (let i = 0; i < 3; i++) await publish(board, emitter(5, 30));
  expect(await publish(board, emitter(5, 30))).toMatchObject({
    test_total: 10,
    test_card: 0,
    greenflops_ledger_up: 1,
    '-test_total': 20,
    dropped: 30,
  });
});

test('when there is room again, nothing is dropped and no metric is said to be', async () => {
  const board = new Board({ catalogue, clock, seriesBudget: 50 });
  for (const [cards, totals] of [
    [100, 40],
    [5, 20],
    [5, 20],
  ] as const)
    await publish(board, emitter(cards, totals));
  expect(await publish(board, emitter(5, 20))).toMatchObject({
    test_total: 20,
    test_card: 5,
    test_warmth: 5,
    dropped: 0,
    [droppedFamilySeries.name]: 0,
  });
});

test('with a full heap a metric without labels is admitted all the same', async () => {
  const board = new Board({ catalogue, clock, heapShare: () => 0.95 });
  expect(await publish(board, emitter(1, 1))).toMatchObject({ test_total: 0, greenflops_ledger_up: 1, dropped: 3 });
});

/** What the start script hands to node. */
function heapOf(env: Record<string, string>): string | undefined {
  const script = startScript().replace(/^exec node/m, 'echo');
  const { stdout } = spawnSync('sh', ['-s'], { input: script, encoding: 'utf8', env: { ...process.env, ...env } });
  return /--max-old-space-size=\d+/.exec(stdout)?.[0];
}

test("the start script takes V8's limit from the budget", () => {
  expect(heapOf({})).toBe(v8Flags(SERIES_BUDGET)[0]);
  for (const series of [1, 40_000, 1_000_000])
    expect(heapOf({ GREENFLOPS_WEB_MAX_SERIES: String(series) })).toBe(v8Flags(series)[0]);
  expect(heapOf({ GREENFLOPS_WEB_MAX_SERIES: 'many' })).toBe(v8Flags(SERIES_BUDGET)[0]);
});

test.each(['docs/operations.md', 'docs/operations.zh.md'])('%s says the limits that hold', (path) => {
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(new RegExp(`After ${OPENS_AFTER} failures|连续失败 ${OPENS_AFTER} 次`));
  expect(text).toMatch(new RegExp(`(up to|至多) ${LONGEST_WAIT_MS / 60_000} (minutes|分钟)`));
  expect(text).toMatch(new RegExp(`(At most|至多) ${READS_AT_ONCE} `));
  expect(text).toMatch(new RegExp(`\`GREENFLOPS_WEB_MAX_SERIES\`[,，] ?(默认 )?${SERIES_BUDGET}`));
});
