import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cached } from '../../cache.ts';
import { freePort } from '../../exporter-process.ts';
import { end } from '../../peers/end.ts';

const wanted = fileURLToPath(new URL('moto.txt', import.meta.url));

/** Moto's server, which speaks S3 with conditional writes; installed once on this machine (300 MB). Throws where pip cannot. */
const install = (): Promise<string> =>
  cached('moto', [wanted], async (folder) => {
    console.log('Installing moto with pip, once on this machine: 300 MB …');
    // A virtual environment cannot be moved, and this folder gets its name when it is whole: packages alone.
    const args = [
      '-m',
      'pip',
      'install',
      '--disable-pip-version-check',
      '--no-deps',
      '-q',
      '--target',
      folder,
      '-r',
      wanted,
    ];
    const { status, stderr, error } = spawnSync('python3', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`pip install: ${error?.message ?? stderr.trim()}`);
  });

/** An S3 server on a free loopback port; rejects where it cannot be had. */
export async function startS3(): Promise<{ readonly url: string; stop: () => Promise<void> }> {
  const folder = await install();
  const port = await freePort();
  const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  for (const late = Date.now() + 30_000; ; await setTimeout(200)) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer) break;
    if (child.exitCode !== null || Date.now() > late) {
      await end(child);
      throw new Error(`moto.server in ${join(folder, 'moto')} does not answer at ${url}`);
    }
  }
  return { url, stop: async () => void (await end(child)) };
}
