import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { end } from '../../peers/end.ts';
import type { Stage } from '../stage.ts';
import { mountsOf, type Mount, type Pod } from './pod-home.ts';

export interface RunningPod {
  /** host:port */
  readonly address: string;
  readonly pod: Pod;
  /** The folder that stands for the claim */
  readonly ledger: string;
  /** SIGTERM; the exit code */
  stop(): Promise<number | null>;
}

const WORKDIR = '/opt/greenflops';

/**
 * Runs what the exporter's pod would run, with no kubelet and no container: the image's entry point and environment from
 * the shipped Containerfile, the pod's arguments, and its mounts as folders. A mount's path, wherever it stands in the
 * arguments, the mounted texts and the program, is written as its folder: what a mount namespace does without writing.
 * Node itself refuses to open any file outside of them, or to write where the pod mounts read-only. The one argument that
 * differs is the address: loopback.
 * @param bundle folder that `npm run bundle` wrote
 */
export async function runPod(stage: Stage, bundle: string, home: string, port: number): Promise<RunningPod> {
  const pod = JSON.parse(
    await stage.accepted(['get', 'pod', 'greenflops-exporter-0', '-n', 'greenflops', '-o', 'json']),
  ) as Pod;
  const all = await mountsOf(stage, pod, home);
  const opt = mkdtempSync(join(home, 'opt-'));
  cpSync(bundle, opt, { recursive: true });
  const tmp = all.find(({ mountPath }) => mountPath === '/tmp');
  assert.ok(tmp?.writable, 'Node and SQLite get a /tmp');
  const mounts = [...all.filter((one) => one !== tmp), { mountPath: WORKDIR, folder: opt, writable: false }];
  const mapped = mapping(mounts);
  for (const { folder, mountPath } of mounts) if (mountPath !== '/var/lib/greenflops') rewrite(folder, mapped);

  const [container] = pod.spec.containers;
  const { entryPoint, environment } = image(join(bundle, 'Containerfile'));
  const [program = '', ...flags] = [...entryPoint, ...container.args].map(mapped);
  const args = flags.map((arg) => arg.replace(/^(--web\.listen-address)=0\.0\.0\.0:9960$/, `$1=127.0.0.1:${port}`));
  assert.notDeepEqual(args, flags, 'the pod listens on every address');
  const { server, authority } = stage.plane.access;
  const { hostname, port: api } = new URL(server);
  assert.ok(authority, 'the API server has a certificate');
  assert.equal(program, 'node');
  const child = spawn(
    process.execPath,
    [
      '--permission',
      '--allow-worker',
      ...[...mounts, tmp].map(({ folder }) => `--allow-fs-read=${folder}`),
      ...[...mounts, tmp].flatMap(({ folder, writable }) => (writable ? `--allow-fs-write=${folder}` : [])),
      ...args,
    ],
    {
      cwd: opt,
      env: {
        PATH: dirname(process.execPath),
        ...environment,
        ...Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value])),
        TMPDIR: tmp.folder,
        // The kubelet's own, in every container.
        KUBERNETES_SERVICE_HOST: hostname,
        KUBERNETES_SERVICE_PORT: api,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill); // a test that dies takes its exporter along
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (log = `${log}${chunk}`.slice(-4000)));
  const ended = once(child, 'exit').then(([code]: unknown[]) =>
    Promise.reject(new Error(`the exporter ended with ${String(code)} before it served\n${log}`)),
  );
  ended.catch(() => {}); // its end is no news once it serves
  await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  const ledger = all.find(({ mountPath }) => mountPath === '/var/lib/greenflops')?.folder ?? '';
  return {
    address: `127.0.0.1:${port}`,
    pod,
    ledger,
    async stop() {
      process.off('exit', kill);
      return end(child);
    },
  };
}

function mapping(mounts: readonly Mount[]): (text: string) => string {
  const folders = new Map(mounts.map(({ mountPath, folder }) => [mountPath, folder]));
  const paths = [...folders.keys()].toSorted((a, b) => b.length - a.length).join('|');
  return (text) => text.replaceAll(new RegExp(`(?:${paths})(?![\\w-])`, 'g'), (path) => folders.get(path) ?? path);
}

function rewrite(folder: string, mapped: (text: string) => string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    const changed = mapped(text);
    if (changed !== text) writeFileSync(path, changed);
  }
}

/** What the shipped image starts, and with what environment. */
function image(containerfile: string): { entryPoint: readonly string[]; environment: NodeJS.ProcessEnv } {
  const text = readFileSync(containerfile, 'utf8');
  const entryPoint = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(text)?.[1] ?? '[]') as string[];
  const env = /^ENV ((?:.*\\\n)*.*)$/m.exec(text)?.[1] ?? '';
  const environment = Object.fromEntries(
    [...env.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  );
  return { entryPoint, environment };
}
