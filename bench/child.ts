import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEnvironment } from '../exporter/start-environment.ts';
import type { Vitals } from './scraped.ts';

/** The server of scraped.ts, from outside. */
export interface Child {
  readonly url: string;
  /** What the process went through since the last question; 'cycle' runs a cycle first. */
  ask(what: 'vitals' | 'cycle'): Promise<Vitals>;
  stop(): Promise<void>;
}

/** Starts a server with so many series, under these V8 flags. */
export async function startChild(kind: 'ours' | 'peer', series: number, flags: readonly string[] = []): Promise<Child> {
  const script = fileURLToPath(new URL('scraped.ts', import.meta.url));
  const child = fork(script, [kind, String(series)], {
    execArgv: [...flags],
    env: { ...process.env, ...startEnvironment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const died = once(child, 'exit').then(([code, signal]: unknown[]) => {
    throw new Error(`the measured process ended: ${String(code ?? signal)}`);
  });
  died.catch(() => {}); // its end is no news once it was stopped
  const message = async (): Promise<unknown> => {
    const [said]: unknown[] = await Promise.race([once(child, 'message'), died]);
    return said;
  };
  const url = String(await message());
  return {
    url,
    ask: async (what) => {
      child.send(what);
      return (await message()) as Vitals;
    },
    stop: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
