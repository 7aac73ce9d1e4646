import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Installs the fork beside this file when its lock file says so: 160 MB, some seconds. Its node_modules. */
export async function installFork(): Promise<string> {
  const modules = path('node_modules');
  const stamp = path('node_modules/.greenflops-stamp');
  const hash = createHash('sha256')
    .update(readFileSync(path('package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return modules;
  console.log('Installing cdktn under the name of cdktf in test/fork, once: 160 MB …');
  const npm = spawn('npm', ['ci', '--loglevel=error', '--progress=false'], {
    cwd: path('.'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code]: unknown[] = await once(npm, 'exit');
  if (code !== 0)
    throw new Error(
      `npm ci in test/fork: exit code ${String(code)}. Check the network, npm's registry and proxy (npm config list) and the free disk space, then run this again.`,
    );
  writeFileSync(stamp, hash);
  return modules;
}
