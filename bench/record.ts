import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Text } from '../model/text.ts';
import type { Result } from './entry.ts';

/** Where and of what a benchmark was run. */
export interface Stamp {
  /** ISO 8601, UTC */
  readonly at: string;
  /** Short hash; with + where files differ from it; null outside of a git repository */
  readonly commit: string | null;
  readonly node: string;
  readonly cpu: string;
  /** That this process may use */
  readonly cores: number;
}

/** One run of one benchmark. Either results, or why there are none. */
export interface Run extends Stamp {
  readonly name: string;
  readonly what: Text;
  readonly results: readonly Result[];
  readonly skipped?: string;
}

/** The committed results, in the order of the list of main.ts. */
export const recordPath = fileURLToPath(new URL('../docs/bench.json', import.meta.url));

/** Runs that are on record; none where the file is not there. */
export function readRecord(path = recordPath): Run[] {
  if (!existsSync(path)) return [];
  const { runs } = JSON.parse(readFileSync(path, 'utf8')) as { runs: Run[] };
  return runs;
}

/** Runs with these put in the place of older ones of the same name, in this order of names; names that went are left out. */
export function renewed(known: readonly Run[], fresh: readonly Run[], order: readonly string[]): Run[] {
  const byName = new Map([...known, ...fresh].map((run) => [run.name, run]));
  return order.flatMap((name) => byName.get(name) ?? []);
}

function git(...args: readonly string[]): string | null {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null; // an archive of the sources has no history
  }
}

function commit(): string | null {
  const hash = git('rev-parse', '--short=12', 'HEAD');
  return hash === null ? null : hash + (git('status', '--porcelain') === '' ? '' : '+');
}

/** Of this run. */
export const stampNow = (): Stamp => ({
  at: new Date().toISOString(),
  commit: commit(),
  node: process.version,
  cpu: cpus()[0]?.model ?? '',
  cores: availableParallelism(),
});
