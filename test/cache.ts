import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder of built files in the user's cache, shared by every clone on this machine: made once per content of `inputs`.
 * `build` fills an empty folder; what it leaves unfinished is never seen, and of two builders at once the first one counts.
 */
export async function cached(
  name: string,
  inputs: readonly string[],
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const input of inputs) hash.update(await readFile(input));
  const home = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'greenflops');
  const folder = join(home, `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;

  await mkdir(home, { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    await build(unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}
