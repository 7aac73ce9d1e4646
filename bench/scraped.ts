// A server in a process of its own: ours or the peer's, with so many series. Tells its address, then on demand what its
// event loop and its memory went through since the last time.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { Gauge, Registry } from 'prom-client';
import { Board } from '../exporter/publish/exposition.ts';
import { startServer } from '../exporter/publish/server.ts';
import { loadPlan } from '../model/load.ts';
import { catalogue, emitAll, families, labelSets, valueOf } from './series.ts';

export interface Vitals {
  /** ms, the longest time that the event loop was held */
  readonly block: number;
  /** bytes */
  readonly rss: number;
}

const [, , kind = '', count = '0'] = process.argv;
const sets = labelSets(Number(count));

async function ours(): Promise<{ url: string; cycle: (i: number) => Promise<void> }> {
  const server = await startServer({ plan: loadPlan('plan'), listen: '127.0.0.1:0' });
  const board = new Board({ catalogue, clock: { wall: () => Date.now() }, seriesBudget: 1e6 });
  const cycle = async (i: number): Promise<void> => {
    const open = board.begin();
    emitAll(open.emit, sets, i);
    server.publish(await open.finish(await server.appendix()));
  };
  return { url: server.url, cycle };
}

async function peer(): Promise<{ url: string; cycle: (i: number) => Promise<void> }> {
  const registry = new Registry();
  const gauges = families.map(
    ({ name, help, labels }) => new Gauge({ name, help: help.en, labelNames: [...labels], registers: [registry] }),
  );
  const app = express();
  app.get('/metrics', async (_, response) => {
    response.set('Content-Type', registry.contentType).send(await registry.metrics());
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = app.listen(0, '127.0.0.1', () => {
    const address = server.address();
    resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  });
  const cycle = async (i: number): Promise<void> => {
    for (const gauge of gauges) sets.forEach((set, at) => gauge.set(set, valueOf(at, i)));
  };
  return { url: await promise, cycle };
}

const { url, cycle } = await (kind === 'ours' ? ours() : peer());
for (let i = 0; i < 5; i++) await cycle(i);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let cycles = 5;
process.on('message', async (what) => {
  if (what === 'cycle') await cycle(cycles++);
  await sleep(5);
  const vitals: Vitals = { block: delay.max / 1e6, rss: process.memoryUsage().rss };
  delay.reset();
  process.send?.(vitals);
});
process.send?.(url);
