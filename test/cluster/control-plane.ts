import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../exporter-process.ts';
import { end } from '../peers/end.ts';
import { kubeconfig, type Access } from './kubeconfig.ts';
import { runKubectl, type Answer } from './kubectl.ts';
import { clusterTools, type Program } from './tools.ts';

export interface ControlPlane {
  /** Path of a kubeconfig file whose only context has every right */
  readonly kubeconfig: string;
  /** The same as data, to be joined with other clusters' */
  readonly access: Access;
  /** The API server's audit log, one event a line */
  readonly auditLog: string;
  /** Runs kubectl with every right (`--as` and `--token` take them away); resolves whatever its exit code. */
  kubectl(args: readonly string[], stdin?: string): Promise<Answer>;
  /** Ends the servers and removes their data. */
  stop(): Promise<void>;
}

const patience = 60_000; // ms until each server must be ready: 3 s on two idle cores

/**
 * Starts a real Kubernetes control plane on free loopback ports: etcd, API server, controller manager, and the scheduler
 * where asked for. No node, so no container ever runs. Resolves when service accounts are made; rejects with the logs'
 * ends where a server dies or is not ready in time.
 */
export async function startControlPlane(context = 'test', { scheduler = false } = {}): Promise<ControlPlane> {
  const tools = await clusterTools();
  const folder = await mkdtemp(join(tmpdir(), 'greenflops-cluster-')); // only its owner may enter
  const file = (name: string) => join(folder, name);
  const children = new Map<Program, ChildProcess>();

  function start(program: Program, flags: Readonly<Record<string, string | number | boolean>>): void {
    const log = openSync(file(`${program}.log`), 'a');
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    children.set(program, spawn(join(tools, program), args, { cwd: folder, stdio: ['ignore', log, log] }));
  }

  // What a test that dies leaves behind goes with it.
  const abandon = () => {
    for (const child of children.values()) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 }); // a dying server may still write
  };
  process.on('exit', abandon);

  async function stop(): Promise<void> {
    // The reverse of the start: a server whose store is gone would wait for it.
    for (const child of [...children.values()].toReversed()) await end(child);
    process.off('exit', abandon);
    await rm(folder, { recursive: true, force: true });
  }

  /** Waits for `condition`, as long as every server lives. */
  async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
    for (const late = Date.now() + patience; !(await condition()); await setTimeout(100)) {
      const ended = [...children].find(([, child]) => child.exitCode !== null || child.signalCode !== null)?.[0];
      if (ended === undefined && Date.now() < late) continue;
      const why = ended === undefined ? `${what} after ${patience / 1000} s` : `${ended} has ended, and ${what}`;
      throw new Error([`${why}. The ends of the logs:`, ...[...children.keys()].map(tail)].join('\n'));
    }
  }
  const tail = (program: Program) => `-- ${program}\n${readFileSync(file(`${program}.log`), 'utf8').slice(-2000)}`;

  const etcd = `http://127.0.0.1:${await freePort()}`;
  const server = `https://127.0.0.1:${await freePort()}`;
  const access = (token: string): Access => ({ context, server, authority: file('apiserver.crt'), token });
  const kubectl = (args: readonly string[], stdin?: string) =>
    runKubectl(join(tools, 'kubectl'), file('admin.kubeconfig'), folder, args, stdin);
  const works = async (...args: string[]) => (await kubectl(args)).code === 0;

  try {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(file('service-account.key'), privateKey.export({ type: 'sec1', format: 'pem' }));
    const users = { admin: 'system:masters', 'system:kube-controller-manager': '', 'system:kube-scheduler': '' };
    const tokens = Object.entries(users).map(([user, group]) => ({
      user,
      group,
      token: randomBytes(16).toString('hex'),
    }));
    await writeFile(
      file('tokens.csv'),
      tokens.map((one) => `${one.token},${one.user},${one.user},${one.group}\n`).join(''),
    );
    for (const { user, token } of tokens)
      await writeFile(file(`${user.replace(/^.*:/, '')}.kubeconfig`), kubeconfig([access(token)]));

    start('etcd', {
      'data-dir': file('etcd'),
      'unsafe-no-fsync': true, // nothing here outlives its process, and disks differ
      'listen-client-urls': etcd,
      'advertise-client-urls': etcd,
      'listen-peer-urls': 'http://127.0.0.1:0',
    });
    const audited = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] };
    await writeFile(file('audit-policy.yaml'), JSON.stringify(audited));
    start('kube-apiserver', {
      'audit-policy-file': file('audit-policy.yaml'),
      'audit-log-path': file('audit.log'),
      'bind-address': '127.0.0.1',
      'advertise-address': '127.0.0.1',
      'endpoint-reconciler-type': 'none', // no Endpoints may hold a loopback address
      'secure-port': new URL(server).port,
      'cert-dir': folder, // where it makes apiserver.crt and its key
      'etcd-servers': etcd,
      'token-auth-file': file('tokens.csv'),
      'authorization-mode': 'Node,RBAC',
      'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
      'service-account-key-file': file('service-account.key'),
      'service-account-signing-key-file': file('service-account.key'),
      'service-cluster-ip-range': '10.96.0.0/16',
      'enable-admission-plugins': 'NodeRestriction', // as kubeadm; Pod Security, quota and limit ranges are on by default
      'allow-privileged': true, // as kubeadm: what refuses a privileged pod is then Pod Security
    });
    await until('the API server is not ready', () => works('get', '--raw=/readyz'));
    start('kube-controller-manager', {
      kubeconfig: file('kube-controller-manager.kubeconfig'),
      'leader-elect': false,
      'secure-port': 0,
      'node-monitor-grace-period': '30m', // 40 s by default: nodes made as objects have no kubelet to renew them
      'kube-api-qps': 200, // 20 by default: its forty controllers would queue for their accounts for seconds
      'kube-api-burst': 400,
      'use-service-account-credentials': true, // each controller with its own rights, as kubeadm
      'service-account-private-key-file': file('service-account.key'),
      'root-ca-file': file('apiserver.crt'),
    });
    if (scheduler)
      start('kube-scheduler', {
        kubeconfig: file('kube-scheduler.kubeconfig'),
        'leader-elect': false,
        'secure-port': 0,
      });
    await until('no service account was made', () => works('get', 'serviceaccount', 'default', '-n', 'default'));
    return {
      kubeconfig: file('admin.kubeconfig'),
      access: access(tokens[0]?.token ?? ''),
      auditLog: file('audit.log'),
      kubectl,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
