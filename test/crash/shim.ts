import { execFile } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../cache.ts';

/** Builds a shim once with cc (Debian: gcc and libc6-dev) and says where it lies. Linux with glibc. */
async function shim(name: string): Promise<string> {
  const source = fileURLToPath(new URL(`${name}.c`, import.meta.url));
  const folder = await cached(name, [source], async (made) => {
    const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC'];
    try {
      await promisify(execFile)('cc', [...flags, '-o', join(made, `${name}.so`), source, '-ldl']);
    } catch (error) {
      throw new Error(
        `The ${name} cannot be built: cc ${source}. It needs a C compiler (Debian: apt-get install gcc libc6-dev).`,
        { cause: error },
      );
    }
  });
  return join(folder, `${name}.so`);
}

/**
 * The environment in which a program's folder `dir` gets a second copy in `copy`, as a disk would hold it after a power
 * cut: see fsync-shim.c. Makes both folders.
 */
export async function shimEnv(dir: string, copy: string): Promise<NodeJS.ProcessEnv> {
  const library = await shim('fsync-shim');
  await Promise.all([mkdir(dir, { recursive: true }), mkdir(copy, { recursive: true })]);
  return {
    ...process.env,
    LD_PRELOAD: library,
    GREENFLOPS_SHIM_DIR: await realpath(dir),
    GREENFLOPS_SHIM_COPY: await realpath(copy),
    UV_USE_IO_URING: '0', // libuv's fsync by io_uring would pass the shim by
  };
}

export interface Fault {
  /** 'kill' ends the program where the operation would begin; 28 is a full disk, 30 a read-only one; 'count' is none. */
  readonly fault: 'count' | 'kill' | 28 | 30;
  /** So many operations go well before. @default 0 */
  readonly after?: number;
  /** The fault is there only while a file stands at this path. @default always */
  readonly when?: string;
}

/** The environment in which the disk that holds the folder `dir` refuses, or the program dies: see fault-shim.c. */
export async function faultEnv(dir: string, { fault, after = 0, when }: Fault): Promise<NodeJS.ProcessEnv> {
  return {
    ...process.env,
    LD_PRELOAD: await shim('fault-shim'),
    GREENFLOPS_FAULT_DIR: await realpath(dir),
    GREENFLOPS_FAULT: String(fault),
    GREENFLOPS_FAULT_AFTER: String(after),
    ...(when === undefined ? {} : { GREENFLOPS_FAULT_SWITCH: when }),
    UV_USE_IO_URING: '0',
  };
}
