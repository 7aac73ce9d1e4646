import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../cache.ts';
import { end } from '../peers/end.ts';
import type { ControlPlane } from './control-plane.ts';
import { quickly } from './tools.ts';

const module = fileURLToPath(new URL('kwok', import.meta.url));

/** What its own kustomization for fast clusters is made of: nodes become Ready and renew their leases, pods run, end and go. */
const stages = [
  'node/fast/node-initialize',
  'node/heartbeat-with-lease/node-heartbeat-with-lease',
  'pod/fast/pod-ready',
  'pod/fast/pod-complete',
  'pod/fast/pod-delete',
];

/** KWOK's program and the stages that it plays, from the version that kwok/go.mod pins: built once, 1 to 3 minutes on 2 cores with the downloads. */
export const kwokTool = (): Promise<KwokTool> => (tool ??= build());

interface KwokTool {
  readonly program: string;
  readonly config: string;
}
let tool: Promise<KwokTool> | undefined;

async function build(): Promise<KwokTool> {
  const folder = await cached('kwok', [join(module, 'go.mod'), join(module, 'go.sum')], async (made) => {
    console.log('Building KWOK, once on this machine: 1 to 3 minutes on 2 cores, with the downloads …');
    const go = (...args: string[]) =>
      promisify(execFile)('go', args, { cwd: module, env: { ...process.env, ...quickly, GOBIN: made } });
    // the flags of the control plane's build, whose packages it shares
    await go('install', '-gcflags=all=-dwarf=false', '-ldflags=-s -w', 'tool');
    const { stdout } = await go('list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok');
    const texts = stages.map((name) => readFileSync(join(stdout.trim(), 'kustomize/stage', `${name}.yaml`), 'utf8'));
    writeFileSync(join(made, 'stages.yaml'), texts.join('\n---\n'));
  });
  return { program: join(folder, 'kwok'), config: join(folder, 'stages.yaml') };
}

/**
 * Plays the kubelets of every node of the plane: nodes made as objects become Ready and stay so, and pods that are
 * scheduled to them run; those of jobs end at once, unless `endless`. Nothing is run; whatever the API server and the
 * scheduler decide is real. Ended by `ends`.
 */
export async function startKwok(
  ends: AsyncDisposableStack,
  plane: ControlPlane,
  { endless = false } = {},
): Promise<ChildProcess> {
  const { program, config: every } = await kwokTool();
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-kwok-'));
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, 'stages.yaml');
  const played = readFileSync(every, 'utf8').split(/^---$/m);
  writeFileSync(
    config,
    (endless ? played.filter((text) => !/^ {2}name: pod-complete$/m.test(text)) : played).join('---'),
  );
  const log = join(folder, 'kwok.log');
  const out = openSync(log, 'a');
  // HOME: a ~/.kwok of the user's has no say.
  // 40 s, as a kubelet's; without leases its nodes are not ready for a moment after 50 s, and Kueue evicts what is on them.
  const leases = '--node-lease-duration-seconds=40';
  const child = spawn(program, ['--kubeconfig', plane.kubeconfig, '--config', config, '--manage-all-nodes', leases], {
    env: { HOME: folder },
    stdio: ['ignore', out, out],
  });
  await once(child, 'spawn');
  const abandon = () => child.kill('SIGKILL');
  process.on('exit', abandon);
  ends.defer(async () => {
    process.off('exit', abandon);
    const code = child.exitCode;
    await end(child);
    if (code !== null)
      throw new Error(
        `kwok had ended with exit code ${code}. The end of its log:\n${readFileSync(log, 'utf8').slice(-2000)}`,
      );
  });
  return child;
}

/** A node as its kubelet reports it, with what a device plugin adds. */
export interface NodeDraft {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly unknown[];
  /** Resources beside CPU, memory and pods */
  readonly devices?: Readonly<Record<string, string>>;
}

export function nodeObject({ name, labels = {}, taints = [], devices = {} }: NodeDraft) {
  const capacity = { cpu: '128', memory: '1Ti', pods: '110', ...devices };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/arch': 'amd64', ...labels } },
    spec: { taints },
    status: { capacity, allocatable: capacity },
  };
}
