import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { freePort } from '../../exporter-process.ts';
import { end } from '../../peers/end.ts';
import type { ControlPlane } from '../control-plane.ts';
import { kubeconfig } from '../kubeconfig.ts';
import type { Stage } from '../stage.ts';
import { ACCOUNT, controllerAccount } from './rights.ts';
import { webhooks } from './webhooks.ts';

/** Path of Kueue's controller, or why it cannot be had. */
export function controller(): { program: string; missing?: string } {
  const program = process.env['KUEUE_MANAGER'] ?? '';
  if (program === '') return { program, missing: 'KUEUE_MANAGER names no controller of Kueue' };
  if (!existsSync(program)) return { program, missing: `KUEUE_MANAGER: there is no ${program}` };
  return { program };
}

/** config.kueue.x-k8s.io/v1beta2 Configuration, as the house writes it for a cluster. */
export interface Configuration {
  readonly namespace?: string;
  readonly [field: string]: unknown;
}

/** What `render` wrote for the controller of a cluster. */
export const configurationOf = ({ folder }: Stage): Configuration =>
  parse(readFileSync(join(folder, 'kueue/controller_manager_config.yaml'), 'utf8')) as Configuration;

export interface Kueue {
  /** The text that it serves at /metrics, to whoever may read it */
  metrics(): Promise<string>;
  /** What it has written so far */
  log(): string;
  /** Ends it and starts it anew, with another configuration where one is given. */
  restart(configuration?: Configuration): Promise<void>;
  stop(): Promise<void>;
}

const patience = 90_000; // ms until it is ready: 2 s on two idle cores

/**
 * Runs Kueue's controller beside the plane's API server, as a pod of its own would run: with its account's rights, called
 * by webhooks, on loopback. Its CRDs are there. What the configuration says is in force but for addresses, certificates, the
 * election of a leader and the visibility API. Ended by `ends`.
 */
export async function startKueue(
  ends: AsyncDisposableStack,
  plane: ControlPlane,
  configuration: Configuration,
): Promise<Kueue> {
  const { program, missing } = controller();
  assert.equal(missing, undefined);
  const namespace = configuration.namespace ?? 'kueue-system';
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-kueue-'));
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string) => join(folder, name);
  const accepted = async (args: readonly string[], stdin?: unknown) => {
    const { code, stdout, stderr } = await plane.kubectl(args, stdin === undefined ? undefined : JSON.stringify(stdin));
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  };

  // Where its certificates must lie: it looks for that of its metrics there and nowhere else.
  const certificates = ['metrics/certs', 'webhook'].map((name) => join(folder, 'etc/kueue', name));
  for (const each of certificates) mkdirSync(each, { recursive: true });
  const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=kueue -addext subjectAltName=IP:127.0.0.1 -keyout ${file('tls.key')} -out ${file('tls.crt')}`;
  await promisify(execFile)('openssl', request.split(' '));
  const certificate = readFileSync(file('tls.crt'), 'utf8');
  for (const each of certificates)
    for (const name of ['tls.crt', 'tls.key']) writeFileSync(join(each, name), readFileSync(file(name)));

  const list = (items: readonly object[]) => ({ apiVersion: 'v1', kind: 'List', items });
  await accepted(['apply', '--server-side', '-f', '-'], list(controllerAccount(namespace)));
  const token = (await accepted(['create', 'token', ACCOUNT, '-n', namespace, '--duration=6h'])).trim();
  writeFileSync(file('kubeconfig'), kubeconfig([{ ...plane.access, token }]), { mode: 0o600 });

  const ports = { health: await freePort(), metrics: await freePort(), webhook: await freePort() };
  const on = (port: number) => `127.0.0.1:${port}`;
  const onLoopback = (one: Configuration): Configuration => ({
    ...one,
    leaderElection: { leaderElect: false },
    health: { healthProbeBindAddress: on(ports.health) },
    metrics: { ...(one['metrics'] as object | undefined), bindAddress: on(ports.metrics) },
    webhook: { host: '127.0.0.1', port: ports.webhook, certDir: '/etc/kueue/webhook' },
    internalCertManagement: { enable: false },
    // The server of its visibility API wants a certificate at the root of the disk.
    featureGates: { ...(one['featureGates'] as object | undefined), VisibilityOnDemand: false },
  });

  let wanted = configuration;
  let child: ChildProcess | undefined;
  const log = () => readFileSync(file('kueue.log'), 'utf8');
  async function start(): Promise<void> {
    writeFileSync(file('configuration.yaml'), JSON.stringify(onLoopback(wanted)));
    const out = openSync(file('kueue.log'), 'a');
    // In a mount namespace of its own it sees `folder/etc` as /etc: nothing of the machine is touched.
    const inside = ['--map-root-user', '--mount', 'sh', '-c', 'mount --bind "$1" /etc && shift && exec "$@"', 'sh'];
    child = spawn(
      'unshare',
      [...inside, file('etc'), program, `--config=${file('configuration.yaml')}`, '--zap-log-level=2'],
      {
        cwd: folder,
        env: { PATH: process.env['PATH'], KUBECONFIG: file('kubeconfig'), HOME: folder },
        stdio: ['ignore', out, out],
      },
    );
    await once(child, 'spawn');
    await accepted(
      ['apply', '--server-side', '--force-conflicts', '-f', '-'],
      list(webhooks(`https://${on(ports.webhook)}`, certificate, namespace)),
    );
    for (const late = Date.now() + patience; !(await ready()); await setTimeout(100)) {
      if (child.exitCode === null && Date.now() < late) continue;
      const why = child.exitCode === null ? 'is not ready' : `has ended with exit code ${child.exitCode}`;
      throw new Error(`Kueue's controller ${why}. The end of its log:\n${log().slice(-3000)}`);
    }
  }
  async function ready(): Promise<boolean> {
    try {
      return (await fetch(`http://${on(ports.health)}/readyz`, { signal: AbortSignal.timeout(2000) })).ok;
    } catch {
      return false;
    }
  }
  const stop = async () => {
    if (child) await end(child);
  };
  const abandon = () => child?.kill('SIGKILL');
  process.on('exit', abandon);
  ends.defer(async () => {
    process.off('exit', abandon);
    await stop();
  });
  await start();

  return {
    log,
    stop,
    async metrics() {
      const headers = { authorization: `Bearer ${plane.access.token}` };
      const asked = get(`https://${on(ports.metrics)}/metrics`, { ca: certificate, headers });
      const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
      const said = await text(response);
      assert.equal(response.statusCode, 200, said);
      return said;
    },
    async restart(another) {
      await stop();
      wanted = another ?? wanted;
      await start();
    },
  };
}
