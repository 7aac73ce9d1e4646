import { Gauge, Registry } from 'prom-client';
import { Board, type Cycle } from '../exporter/publish/exposition.ts';
import { goRendering } from './client-golang.ts';
import { quantile, type Result } from './entry.ts';
import { catalogue, emitAll, families, labelSets, valueOf, type Labels } from './series.ts';

const SIZES = [1000, 10_000, 40_000, 100_000];
/** Series rendered for each figure: the clock of the thread's CPU time ticks in milliseconds. */
const WORK = 2_000_000;
const PEER_WORK = 400_000;
const WARM_UP = 3;
const CYCLES = 23;

/** CPU ms of the main thread for one of `times` runs: what others on the machine and zlib's threads do does not count. */
async function cpu(times: number, work: (i: number) => void | Promise<void>): Promise<number> {
  const before = process.threadCpuUsage();
  for (let i = 0; i < times; i++) await work(i);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000 / times;
}

/** ms: the median over cycles of the longest time that one re-render held the event loop. */
async function longestSlice(sets: readonly Labels[]): Promise<number> {
  const board = new Board({ catalogue, clock: { wall: () => Date.now() }, seriesBudget: 1e6 });
  const longest: number[] = [];
  for (let i = 0; i < CYCLES; i++) {
    const cycle = board.begin();
    emitAll(cycle.emit, sets, i);
    let most = 0;
    let last = performance.now();
    let done = false;
    const turn = (): void => {
      const now = performance.now();
      most = Math.max(most, now - last);
      last = now;
      if (!done) setImmediate(turn);
    };
    setImmediate(turn);
    await cycle.finish();
    done = true;
    longest.push(most);
  }
  return quantile(longest.slice(WARM_UP), 0.5);
}

/** CPU ms: to take all samples, to make text of them, and to put the text together for a scrape. */
interface Costs {
  readonly take: number;
  readonly render: number;
  readonly scrape: number;
}

async function ours(sets: readonly Labels[], times: number): Promise<Costs> {
  const board = new Board({ catalogue, clock: { wall: () => Date.now() }, seriesBudget: 1e6 });
  let pieces: readonly Buffer[] = [];
  const collect = (i: number): Cycle => {
    const cycle = board.begin();
    emitAll(cycle.emit, sets, i);
    return cycle;
  };
  const whole = async (i: number): Promise<void> => {
    pieces = (await collect(i).finish()).text.plain;
  };
  await cpu(WARM_UP, whole);
  const cycle = await cpu(times, whole);
  const take = await cpu(times, (i) => void collect(i));
  return { take, render: cycle - take, scrape: await cpu(times, () => void Buffer.concat(pieces)) };
}

async function peer(sets: readonly Labels[], times: number): Promise<Costs> {
  const registry = new Registry();
  const gauges = families.map(
    ({ name, help, labels }) => new Gauge({ name, help: help.en, labelNames: [...labels], registers: [registry] }),
  );
  const set = (i: number): void => {
    for (const gauge of gauges) sets.forEach((labels, at) => gauge.set(labels, valueOf(at, i)));
  };
  const scrape = async (): Promise<void> => void Buffer.from(await registry.metrics());
  await cpu(WARM_UP, async (i) => {
    set(i);
    await scrape();
  });
  const text = await cpu(times, scrape);
  return { take: await cpu(times, set), render: text, scrape: text };
}

/** What a cycle and a scrape cost the main thread, handing the text to zlib included; prom-client renders at each scrape. */
export async function renderBench(): Promise<Result[]> {
  const results: Result[] = [];
  for (const series of SIZES) {
    const sets = labelSets(series);
    const mine = await ours(sets, Math.ceil(WORK / series));
    const theirs = await peer(sets, Math.ceil(PEER_WORK / series));
    const row = (what: string, key: keyof Costs, limit: number | null): Result => ({
      name: `${what} ${series} series`,
      unit: 'M series/s',
      value: series / mine[key] / 1000,
      peer: { name: 'prom-client', value: series / theirs[key] / 1000 },
      ...(series === 40_000 && limit !== null ? { budget: { at: 'least', limit } } : {}),
    });
    results.push(
      row('take the values of', 'take', null),
      row('re-render once per cycle', 'render', 1.5),
      row('bytes for a scrape of', 'scrape', 5),
      {
        ...row('the same beside Go:', 'scrape', null),
        peer: { name: 'client_golang', value: 1000 / (await goRendering(series, Math.ceil(PEER_WORK / series))) },
      },
      {
        name: `longest slice of re-rendering ${series} series`,
        unit: 'ms',
        value: await longestSlice(sets),
        ...(series === 40_000 ? { budget: { at: 'most', limit: 5 } } : {}),
      },
    );
  }
  return results;
}
