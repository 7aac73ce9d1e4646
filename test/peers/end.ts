import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Asks a process to end, and kills it where it has not after `patience` ms. Its exit code: null after a kill. */
export async function end(child: ChildProcess, patience = 15_000): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, 'exit') as Promise<[number | null]>;
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  child.kill('SIGTERM');
  const [code] = await gone;
  clearTimeout(timer);
  return code;
}
