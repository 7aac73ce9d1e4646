import { execFile } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../cache.ts';

const source = fileURLToPath(new URL('fsync-shim.c', import.meta.url));

/**
 * The environment in which a program's folder `dir` gets a second copy in `copy`, as a disk would hold it after a power
 * cut: see fsync-shim.c. Makes both folders; builds the shim once with cc (Debian: gcc and libc6-dev). Linux with glibc.
 */
export async function shimEnv(dir: string, copy: string): Promise<NodeJS.ProcessEnv> {
  const folder = await cached('fsync-shim', [source], build);
  await Promise.all([mkdir(dir, { recursive: true }), mkdir(copy, { recursive: true })]);
  return {
    ...process.env,
    LD_PRELOAD: join(folder, 'fsync-shim.so'),
    GREENFLOPS_SHIM_DIR: await realpath(dir),
    GREENFLOPS_SHIM_COPY: await realpath(copy),
    UV_USE_IO_URING: '0', // libuv's fsync by io_uring would pass the shim by
  };
}

async function build(folder: string): Promise<void> {
  const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC'];
  try {
    await promisify(execFile)('cc', [...flags, '-o', join(folder, 'fsync-shim.so'), source, '-ldl']);
  } catch (error) {
    throw new Error(
      `The fsync shim cannot be built: cc ${source}. It needs a C compiler (Debian: apt-get install gcc libc6-dev).`,
      {
        cause: error,
      },
    );
  }
}
