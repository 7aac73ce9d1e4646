// A server in a process of its own, ours or the peer's, with so many series. It tells its address, then on demand what
// its event loop and its memory went through since the last time.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Scraped {
  readonly url: string;
  /** Takes the values of the i-th cycle. */
  readonly cycle: (i: number) => Promise<void>;
}

export interface Vitals {
  /** ms, the longest time that the event loop was held */
  readonly block: number;
  /** bytes */
  readonly rss: number;
}

const [, , kind = '', series = '0'] = process.argv;
// Each kind loads its own libraries alone: memory is measured.
const start =
  kind === 'ours' ? (await import('./scraped-ours.ts')).scrapedOurs : (await import('./scraped-peer.ts')).scrapedPeer;
const { url, cycle } = await start(Number(series));

let cycles = 0;
while (cycles < 5) await cycle(cycles++);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

async function answer(what: unknown): Promise<void> {
  if (what === 'cycle') await cycle(cycles++);
  await sleep(5);
  const vitals: Vitals = { block: delay.max / 1e6, rss: process.memoryUsage().rss };
  delay.reset();
  process.send?.(vitals);
}
// An exit of its own accord: only then does Node keep what it compiled, where NODE_COMPILE_CACHE is set.
process.on('disconnect', () => process.exit());
process.on('message', (what) => void answer(what));
process.send?.(url);
