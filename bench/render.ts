import { Gauge, Registry } from 'prom-client';
import { Board } from '../exporter/publish/exposition.ts';
import { quantile, type Result } from './entry.ts';
import { catalogue, emitAll, families, labelSets, valueOf, type Labels } from './series.ts';

const SIZES = [1000, 10_000, 40_000, 100_000];
const CYCLES = 30;
const PEER_CYCLES = 8;

/** ms of the main thread: what others on the machine and zlib's threads do does not count. */
async function cpu(work: () => void | Promise<void>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

async function ours(sets: readonly Labels[]): Promise<{ cycle: number; concatenate: number }> {
  const board = new Board({ catalogue, clock: { wall: () => Date.now() }, seriesBudget: 1e6 });
  const cycles: number[] = [];
  const concatenations: number[] = [];
  for (let i = 0; i < CYCLES; i++) {
    const open = board.begin();
    const emitted = await cpu(() => emitAll(open.emit, sets, i));
    let pieces: readonly Buffer[] = [];
    const rendered = await cpu(async () => {
      pieces = (await open.finish()).text.plain;
    });
    cycles.push(emitted + rendered);
    concatenations.push(await cpu(() => void Buffer.concat(pieces)));
  }
  return { cycle: quantile(cycles.slice(5), 0.5), concatenate: quantile(concatenations.slice(5), 0.5) };
}

async function peer(sets: readonly Labels[]): Promise<{ cycle: number; scrape: number }> {
  const registry = new Registry();
  const gauges = families.map(
    ({ name, help, labels }) => new Gauge({ name, help: help.en, labelNames: [...labels], registers: [registry] }),
  );
  const cycles: number[] = [];
  const scrapes: number[] = [];
  for (let i = 0; i < PEER_CYCLES; i++) {
    const set = await cpu(() => {
      for (const gauge of gauges) sets.forEach((labels, at) => gauge.set(labels, valueOf(at, i)));
    });
    const rendered = await cpu(async () => void Buffer.from(await registry.metrics()));
    cycles.push(set + rendered);
    scrapes.push(rendered);
  }
  return { cycle: quantile(cycles.slice(2), 0.5), scrape: quantile(scrapes.slice(2), 0.5) };
}

/** A cycle from values to bytes, gzip handed over included, and a scrape's part of it: CPU time of the main thread. */
export async function renderBench(): Promise<Result[]> {
  const results: Result[] = [];
  for (const series of SIZES) {
    const sets = labelSets(series);
    const mine = await ours(sets);
    const theirs = await peer(sets);
    const rate = (ms: number): number => series / ms / 1000;
    const name = 'prom-client';
    results.push(
      {
        name: `render ${series} series once per cycle`,
        unit: 'M series/s',
        value: rate(mine.cycle),
        peer: { name, value: rate(theirs.cycle) },
        ...(series === 40_000 ? { budget: { at: 'least', limit: 1.5 } } : {}),
      },
      {
        name: `bytes of ${series} series at a scrape`,
        unit: 'M series/s',
        value: rate(mine.concatenate),
        peer: { name, value: rate(theirs.scrape) },
        ...(series === 40_000 ? { budget: { at: 'least', limit: 5 } } : {}),
      },
    );
  }
  return results;
}
