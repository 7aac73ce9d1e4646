import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultEnv } from './shim.ts';

/** A folder on a disk that can be made to refuse, and to take again. */
export interface WeakDisk {
  /** How it refuses, for the report. */
  readonly means: string;
  readonly dir: string;
  /** For the program that uses it. */
  readonly env: NodeJS.ProcessEnv;
  readonly refuse: () => void;
  readonly accept: () => void;
  readonly remove: () => void;
}

/** Refuses by the shim: with errno 28 (full) or 30 (read-only). */
export async function shimDisk(errno: 28 | 30): Promise<WeakDisk> {
  const base = mkdtempSync(join(tmpdir(), 'greenflops-weak-disk-'));
  const [dir, gate] = [join(base, 'store'), join(base, 'refuses')];
  mkdirSync(dir);
  return {
    means: `every call that ${errno === 28 ? 'needs room' : 'writes'} fails with errno ${errno}`,
    dir,
    env: await faultEnv(dir, { fault: errno, when: gate }),
    refuse: () => writeFileSync(gate, ''),
    accept: () => rmSync(gate, { force: true }),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

const SIZE = '16m';

/** A real file system of 16 MiB that is filled to the last byte; by the shim where nothing may be mounted. */
export async function smallDisk(): Promise<WeakDisk> {
  const dir = mkdtempSync(join(tmpdir(), 'greenflops-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'greenflops-crash', dir], { stdio: 'ignore' });
  } catch {
    rmSync(dir, { recursive: true });
    return shimDisk(28);
  }
  const filler = join(dir, 'filler');
  return {
    means: `a tmpfs of ${SIZE} is filled`,
    dir,
    env: process.env,
    refuse: () => fill(filler),
    accept: () => rmSync(filler, { force: true }),
    remove: () => {
      execFileSync('umount', [dir]);
      rmSync(dir, { recursive: true });
    },
  };
}

/** Writes until nothing fits any more. */
function fill(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (let size = 1 << 20; size >= 1;) {
      try {
        if (writeSync(file, Buffer.alloc(size)) < size) size >>= 1;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        size >>= 1;
      }
    }
  } finally {
    closeSync(file);
  }
}
