import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Board } from '../exporter/publish/exposition.ts';
import type { Snapshot } from '../exporter/publish/snapshot.ts';
import { v8Flags } from '../exporter/v8-flags.ts';
import { startChild } from './child.ts';
import type { Result } from './entry.ts';
import { catalogue, emitAll, labelSets } from './series.ts';

const SERIES = 40_000;
const MIB = 1024 * 1024;

/** The most that a server holds over a dozen cycles with a scrape in each; bytes. */
async function rss(kind: 'ours' | 'peer', series: number, flags: readonly string[]): Promise<number> {
  const server = await startChild(kind, series, flags);
  let most = 0;
  for (let i = 0; i < 12; i++) {
    most = Math.max(most, (await server.ask('cycle')).rss);
    await (await fetch(`${server.url}/metrics`)).arrayBuffer();
  }
  await server.stop();
  return most;
}

/** What is kept between cycles, all told, when the garbage is gone: heap, label values, text and both gzips; bytes a series. */
async function kept(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = async (): Promise<number> => {
    // array buffers are given back by a thread, some moments after the collection that found them
    for (let i = 0; i < 3; i++) {
      collect();
      await sleep(50);
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const sets = labelSets(SERIES);
  const before = await held();
  const board = new Board({ catalogue, clock: { wall: () => Date.now() } });
  let last: Snapshot | null = null;
  for (let i = 0; i < 5; i++) {
    const cycle = board.begin();
    emitAll(cycle.emit, sets, i);
    last = await cycle.finish();
  }
  const after = await held();
  return last === null ? NaN : (after - before) / SERIES;
}

/** Memory of a server process under the V8 limits of its series budget, beside prom-client + express under the same. */
export async function memoryBench(): Promise<Result[]> {
  const flags = v8Flags(SERIES);
  await rss('ours', 0, flags); // what is compiled here is kept for the others
  const name = 'prom-client + express';
  return [
    {
      name: `RSS at ${SERIES} series (${flags.join(' ')})`,
      unit: 'MiB',
      value: (await rss('ours', SERIES, flags)) / MIB,
      peer: { name, value: (await rss('peer', SERIES, flags)) / MIB },
      budget: { at: 'most', limit: 150 },
    },
    {
      name: 'RSS without series',
      unit: 'MiB',
      value: (await rss('ours', 0, flags)) / MIB,
      peer: { name, value: (await rss('peer', 0, flags)) / MIB },
      budget: { at: 'most', limit: 110 },
    },
    { name: 'kept for each series', unit: 'B', value: await kept(), budget: { at: 'most', limit: 300 } },
  ];
}
