import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Fault, faultEnv } from './shim.ts';
import type { Act } from './act.ts';

const program = fileURLToPath(new URL('act.ts', import.meta.url));

/** Runs one act with a fault among the operations in `dir`: how it ended, and what it said. */
export async function act(
  args: readonly [Act, ...string[]],
  dir: string,
  fault: Fault,
): Promise<{ code: number | null; signal: string | null; said: string }> {
  const child = spawn(process.execPath, [program, ...args], {
    env: await faultEnv(dir, fault),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code, signal]] = await Promise.all([
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null, string | null]>,
  ]);
  return { code, signal, said };
}

const LAST = 6;

/**
 * Lets an act fail at each of its operations in `dir`, or at `most` of them: the last ones, in which files get their names,
 * and others evenly spread. Before each run `prepare` puts the folder in order, after it `look` judges what is left. Returns how many runs there were, of how many operations.
 */
export async function atEachOperation(
  args: readonly [Act, ...string[]],
  dir: string,
  kind: 'kill' | 28,
  { most, prepare, look }: { most: number; prepare: () => void; look: (when: string) => void },
): Promise<{ runs: number; operations: number; failed: number }> {
  prepare();
  const whole = await act(args, dir, { fault: 'count' });
  const operations = Number(/operations=(\d+)/.exec(whole.said)?.[1]);
  if (whole.code !== 0 || !(operations > 0)) throw new Error(`${args.join(' ')} failed by itself: ${whole.said}`);
  look('undisturbed');
  const early = Math.min(most, operations) - LAST;
  const spread = Array.from({ length: early }, (_, i) => Math.floor((i * (operations - LAST)) / early));
  const last = Array.from({ length: LAST }, (_, i) => operations - LAST + i);
  let failed = 0;
  for (const after of [...spread, ...last]) {
    prepare();
    const { code, signal } = await act(args, dir, { fault: kind, after });
    if (kind === 'kill' && signal !== 'SIGKILL')
      throw new Error(`${args.join(' ')} was not killed at operation ${after}`);
    if (code !== 0) failed += 1;
    look(`${kind === 'kill' ? 'killed' : 'disk full'} at operation ${after} of ${operations}`);
  }
  const runs = spread.length + last.length;
  return { runs, operations, failed };
}
