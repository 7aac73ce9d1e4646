import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../../cache.ts';
import { end } from '../end.ts';

// Debian's packages belong to Debian's Python, which need not be the first on the PATH.
const pythons = ['/usr/bin/python3', 'python3'];
const PATIENCE_MS = 20_000;

/** A Python that has this module; null where there is none. */
export function pythonWith(module: string): string | null {
  for (const python of pythons) {
    try {
      execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore', timeout: PATIENCE_MS });
      return python;
    } catch {
      // the next one may have it
    }
  }
  return null;
}

/** A program that serves until it is stopped. */
export interface PythonServer {
  /** What it printed first: the port that it took */
  readonly port: number;
  stop(): Promise<void>;
}

/** The packages that a file beside this one pins with their hashes: a folder in the user's cache, filled once. */
export async function pythonPackages(python: string, name: string): Promise<string> {
  const list = fileURLToPath(new URL(`${name}.txt`, import.meta.url));
  return cached(name, [list], async (folder) => {
    const pins = ['--require-hashes', '--no-deps', '--only-binary', ':all:', '-r', list];
    const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action', 'ignore'];
    await promisify(execFile)(python, ['-m', 'pip', 'install', ...quiet, '--target', folder, ...pins]);
  });
}

/** A script, its arguments, and a folder of packages of its own. */
interface Script {
  readonly script: string;
  readonly args: readonly string[];
  readonly packages?: string;
}
const environment = ({ packages }: Script) => ({ ...process.env, ...(packages && { PYTHONPATH: packages }) });

/** Starts a script that prints a port and goes on; rejects with what it said where it ends instead. */
export async function startPython(python: string, script: Script): Promise<PythonServer> {
  const child = spawn(python, ['-c', script.script, ...script.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(script),
  });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill); // a test that dies takes its servers along
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = `${said}${chunk}`.slice(-4000)));
  const timer = setTimeout(kill, PATIENCE_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    const port = Number(line);
    if (!Number.isInteger(port) || port <= 0) continue;
    clearTimeout(timer);
    child.stdout.resume();
    return {
      port,
      async stop() {
        process.off('exit', kill);
        await end(child, 3000);
      },
    };
  }
  clearTimeout(timer);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  throw new Error(`${python} ended before it served:\n${said}`);
}

/** Runs a script to its end and gives what it printed; rejects with what it said where it fails. */
export async function runPython(python: string, script: Script): Promise<string> {
  const { stdout } = await promisify(execFile)(python, ['-c', script.script, ...script.args], {
    timeout: PATIENCE_MS,
    env: environment(script),
  });
  return stdout;
}
