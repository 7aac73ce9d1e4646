import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Vitals } from './scraped.ts';

/** The server of scraped.ts, from outside. */
export interface Scraped {
  readonly url: string;
  /** What the process went through since the last question; 'cycle' runs a cycle first. */
  ask(what: 'vitals' | 'cycle'): Promise<Vitals>;
  stop(): Promise<void>;
}

const message = async (child: ChildProcess): Promise<unknown> => {
  const [said]: unknown[] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the measured process ended with ${code}`);
    }),
  ]);
  return said;
};

/** Starts a server with so many series, under these V8 flags. */
export async function startScraped(
  kind: 'ours' | 'peer',
  series: number,
  flags: readonly string[] = [],
): Promise<Scraped> {
  const script = fileURLToPath(new URL('scraped.ts', import.meta.url));
  const child = fork(script, [kind, String(series)], {
    execArgv: [...flags],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const url = String(await message(child));
  return {
    url,
    ask: async (what) => {
      child.send(what);
      return (await message(child)) as Vitals;
    },
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
