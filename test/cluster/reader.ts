import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { watchHeld } from '../../bench/held.ts';
import { kubernetesSource } from '../../model/schema/sources.ts';
import type { Allocations, Wanted } from '../../exporter/read/allocation/allocations.ts';
import { kubernetesAccess } from '../../exporter/read/kubernetes/kubernetes-access.ts';
import { kubernetesCluster } from '../../exporter/read/kubernetes/kubernetes-cluster.ts';
import { isGone, KubernetesConnection } from '../../exporter/read/kubernetes/kubernetes-connection.ts';
import { listAll } from '../../exporter/read/kubernetes/kubernetes-list.ts';
import { watchFrom } from '../../exporter/read/kubernetes/kubernetes-watch.ts';
import type { Reader } from '../../exporter/read/reader.ts';
import type { Check } from '../tally.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import type { Part } from './part.ts';

/** Objects alone, as KWOK makes them: no kubelet stands behind. */
const NODES = Number(process.env['GREENFLOPS_NODES'] ?? 1000);
const CHIPS = 8;
const NAMESPACE = 'reader';
const vendors = ['nvidia.com/gpu', 'huawei.com/Ascend910', 'cambricon.com/mlu'] as const;
const vendorOf = (i: number): string => vendors[i % vendors.length]!;
/** No label may hold a slash. */
const labelOf = (i: number): string => vendorOf(i).replace('/', '-');
const wanted: Wanted = { resources: new Set(vendors), labels: new Set(['accelerator']) };

/** The rights that docs/devices/kubernetes.md names, and no others. */
const rights = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'greenflops-reader' },
  rules: [{ apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list', 'watch'] }],
};
const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'greenflops-reader' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'greenflops-reader' },
  subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace: NAMESPACE }],
};

const node = (i: number) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: `kwok-${i}`, labels: { accelerator: labelOf(i), 'kubernetes.io/hostname': `kwok-${i}` } },
  status: {
    capacity: { cpu: '128', memory: '1Ti', pods: '110', [vendorOf(i)]: String(CHIPS) },
    allocatable: { cpu: '128', memory: '1Ti', pods: '110', [vendorOf(i)]: String(CHIPS) },
    // a kubelet lists 50 images: what makes a node's 13 KB
    images: Array.from({ length: 50 }, (_, image) => ({
      names: [`example.com/group/image-${image}@sha256:${'0'.repeat(64)}`, `example.com/group/image-${image}:v1`],
      sizeBytes: 100_000_000 + image,
    })),
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'made' }],
  },
});
const chipsOf = (i: number): number => (i % CHIPS) + 1;
const pod = (name: string, i: number, chips: number) => {
  const limits = { [vendorOf(i)]: String(chips) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE },
    spec: { nodeName: `kwok-${i}`, containers: [{ name: 'main', image: 'none', resources: { limits } }] },
  };
};

/** A check's own hands in the cluster; the reader never gets them. */
class Hands {
  readonly #plane: ControlPlane;
  readonly #agent: Agent;
  constructor(plane: ControlPlane) {
    this.#plane = plane;
    const ca = readFileSync(plane.access.authority);
    this.#agent = new Agent({ connect: { ca }, connections: 16 });
  }
  async send(method: 'POST' | 'DELETE' | 'PATCH', path: string, body?: unknown): Promise<void> {
    const { statusCode, body: answer } = await request(this.#plane.access.server + path, {
      method,
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${this.#plane.access.token}`,
        'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      },
      body: JSON.stringify(body ?? {}),
    });
    const text = await answer.text();
    assert.ok(statusCode < 300, `${method} ${path}: ${statusCode} ${text.slice(0, 400)}`);
  }
  /** Some at a time: the server sheds load beyond 400 requests in flight. */
  async each(count: number, run: (i: number) => Promise<void>): Promise<void> {
    let next = 0;
    const one = async (): Promise<void> => {
      for (let i = next++; i < count; i = next++) await run(i);
    };
    await Promise.all(Array.from({ length: 16 }, one));
  }
  close = (): Promise<void> => this.#agent.close();
}

/** A server process of the control plane: this process' own child, found by its name. */
function childOf(program: string, server: string): { pid: number; argv: string[]; cwd: string } {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let argv: string[];
    try {
      argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    } catch {
      continue; // ended meanwhile
    }
    if (argv[0]?.endsWith(`/${program}`) && argv.some((arg) => arg.endsWith(server)))
      return { pid: Number(pid), argv, cwd: readlinkSync(`/proc/${pid}/cwd`) };
  }
  throw new Error(`no ${program} with ${server} runs`);
}

/** Checks in one order: each goes on from the state that the one before left. */
function readerChecks(plane: ControlPlane): Check[] {
  const hands = new Hands(plane);
  const folder = dirname(plane.kubeconfig);
  const tokenFile = join(folder, 'reader.token');
  const config = join(folder, 'reader.kubeconfig');
  const source = kubernetesSource.parse({ protocol: 'kubernetes', kubeconfig: config, timeout: '10s' });
  const pace = { watchSeconds: 2, idle: 90_000, backoff: [100, 1000] as const };
  const never = new AbortController().signal;
  let reader: Reader<Allocations> = kubernetesCluster(source, { wanted, pace, maxAge: 6000 });
  let restarted: ChildProcess | null = null;

  async function kubectl(args: readonly string[], stdin?: unknown): Promise<string> {
    const { code, stdout, stderr } = await plane.kubectl(args, stdin === undefined ? '' : JSON.stringify(stdin));
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }
  /** A token that lasts no longer than the secret it is bound to. */
  async function freshToken(secret: string): Promise<void> {
    await kubectl(['create', 'secret', 'generic', secret, '-n', NAMESPACE]);
    const bound = ['--bound-object-kind=Secret', `--bound-object-name=${secret}`];
    await writeFile(tokenFile, await kubectl(['create', 'token', 'reader', '-n', NAMESPACE, ...bound]), {
      mode: 0o600,
    });
  }
  async function until(what: string, so: (now: Allocations) => boolean, within = 30_000): Promise<void> {
    const late = Date.now() + within;
    for (let last = 'nothing was read'; ; await sleep(50)) {
      const now = await reader.read(never).catch((error: unknown) => void (last = String(error)));
      if (now && so(now)) return;
      assert.ok(Date.now() < late, `${what}: not within ${within / 1000} s; ${last}`);
    }
  }
  const connect = async (): Promise<KubernetesConnection> =>
    new KubernetesConnection(await kubernetesAccess(source), source.timeout);

  async function fill(): Promise<void> {
    await kubectl(['create', 'namespace', NAMESPACE]);
    await kubectl(['create', 'serviceaccount', 'reader', '-n', NAMESPACE]);
    await kubectl(['wait', '--for=create', 'serviceaccount/default', '-n', NAMESPACE, '--timeout=30s']);
    await freshToken('first');
    const { server, authority } = plane.access;
    const cluster = { server, 'certificate-authority': authority };
    const kubeconfig = {
      'current-context': 'fleet',
      contexts: [{ name: 'fleet', context: { cluster: 'fleet', user: 'reader' } }],
      clusters: [{ name: 'fleet', cluster }],
      users: [{ name: 'reader', user: { tokenFile: 'reader.token' } }],
    };
    await writeFile(config, JSON.stringify(kubeconfig));
    await hands.each(NODES, (i) => hands.send('POST', '/api/v1/nodes', node(i)));
    const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
    await hands.each(NODES, (i) => hands.send('POST', pods, pod(`job-${i}`, i, chipsOf(i))));
  }

  async function withoutRights(): Promise<void> {
    await assert.rejects(reader.read(never), (error: Error) => {
      assert.match(error.message, /status 403: (nodes|pods) is forbidden: User "system:serviceaccount:reader:reader"/);
      assert.match(error.message, /cluster role with get, list and watch of nodes and pods$/);
      return true;
    });
    await reader.close();
    await kubectl(['apply', '-f', '-'], { apiVersion: 'v1', kind: 'List', items: [rights, binding] });
    const as = ['--as', `system:serviceaccount:${NAMESPACE}:reader`];
    assert.equal((await plane.kubectl(['auth', 'can-i', 'list', 'secrets', '-A', ...as])).stdout, 'no\n');
    assert.equal((await plane.kubectl(['auth', 'can-i', 'delete', 'pods', '-A', ...as])).stdout, 'no\n');
  }

  async function firstSync(): Promise<void> {
    reader = kubernetesCluster(source, { wanted, pace, maxAge: 6000 });
    const held = watchHeld();
    const before = process.memoryUsage().rss;
    const began = performance.now();
    const { nodes, holds } = await reader.read(never);
    const seconds = (performance.now() - began) / 1000;
    const mib = (process.memoryUsage().rss - before) / 2 ** 20;
    console.log(
      `  ${NODES} nodes and as many pods in ${seconds.toFixed(2)} s, event loop held for ${held().toFixed(0)} ms at most, RSS +${mib.toFixed(0)} MiB`,
    );
    assert.equal(nodes?.length, NODES);
    for (const { name, capacity, labels } of nodes) {
      const i = Number(name.slice('kwok-'.length));
      assert.deepEqual([...capacity], [[vendorOf(i), CHIPS]]);
      assert.deepEqual(labels, { accelerator: labelOf(i) });
    }
    const expected = Array.from({ length: NODES }, (_, i) => `job-${i} kwok-${i} ${vendorOf(i)} ${chipsOf(i)}`);
    const seen = holds.map((hold) => `${hold.pod} ${hold.node} ${hold.resource} ${hold.chips}`);
    assert.deepEqual(seen.toSorted(), expected.toSorted());
  }

  async function updates(): Promise<void> {
    const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
    await hands.send('POST', pods, pod('late', 0, 3));
    await until('a new pod', ({ holds }) => holds.some((hold) => hold.pod === 'late' && hold.chips === 3));
    await hands.send('PATCH', `${pods}/late/status`, { status: { phase: 'Succeeded' } });
    await until('a finished pod', ({ holds }) => holds.every((hold) => hold.pod !== 'late'));
    await hands.send('DELETE', `${pods}/job-1`, { gracePeriodSeconds: 0 });
    await until('a deleted pod', ({ holds }) => holds.every((hold) => hold.pod !== 'job-1'));
    await hands.send('PATCH', '/api/v1/nodes/kwok-2', { spec: { unschedulable: true } });
    await until('a cordoned node', ({ nodes }) => nodes?.find(({ name }) => name === 'kwok-2')?.schedulable === false);
  }

  async function sidecars(): Promise<void> {
    const { spec, ...rest } = pod('sidecars', 0, 2);
    const of = (name: string, chips: number, more = {}) => ({
      ...spec.containers[0],
      name,
      ...more,
      resources: { limits: { [vendorOf(0)]: String(chips) } },
    });
    const initContainers = [of('early', 1), of('beside', 1, { restartPolicy: 'Always' }), of('neediest', 5)];
    await hands.send('POST', `/api/v1/namespaces/${NAMESPACE}/pods`, { ...rest, spec: { ...spec, initContainers } });
    // 1 + 5 while the last init container runs beside the sidecar; 1 + 2 afterwards
    await until('the neediest moment', ({ holds }) =>
      holds.some((hold) => hold.pod === 'sidecars' && hold.chips === 6),
    );
  }

  async function tooOldToWatch(): Promise<void> {
    await using ends = new AsyncDisposableStack();
    const connection = await connect();
    ends.defer(() => connection.close());
    const use = { changed: () => {}, deleted: () => {}, reached: () => {} };
    const options = { path: '/api/v1/nodes', version: '1', seconds: 5, idle: 10_000, signal: never };
    await assert.rejects(watchFrom(connection, options, use), isGone);
  }

  /** etcd forgets all versions but the last between two pages. */
  async function tooOldToPage(): Promise<void> {
    const etcd = childOf('kube-apiserver', `--secure-port=${new URL(plane.access.server).port}`).argv.find((arg) =>
      arg.startsWith('--etcd-servers='),
    );
    const url = etcd?.slice('--etcd-servers='.length) ?? '';
    const paths: string[] = [];
    class Compacting extends KubernetesConnection {
      override async get(path: string, idle: number, signal: AbortSignal) {
        paths.push(path);
        if (paths.length === 2) {
          await hands.send('PATCH', '/api/v1/nodes/kwok-3', { metadata: { annotations: { compacted: 'yes' } } });
          const post = { method: 'POST', body: '{"key":"AA=="}' } as const;
          const range = (await (await fetch(`${url}/v3/kv/range`, post)).json()) as { header: { revision: string } };
          const body = JSON.stringify({ revision: range.header.revision, physical: true });
          const answer = await fetch(`${url}/v3/kv/compaction`, { method: 'POST', body });
          assert.equal(answer.status, 200, await answer.text());
        }
        return super.get(path, idle, signal);
      }
    }
    await using ends = new AsyncDisposableStack();
    const connection = new Compacting(await kubernetesAccess(source), source.timeout);
    ends.defer(() => connection.close());
    let begun = 0;
    const names = new Set<string>();
    await listAll(connection, { path: '/api/v1/nodes', timeout: 10_000, signal: never }, () => {
      begun += 1;
      names.clear();
      return (object) => names.add((object as { metadata: { name: string } }).metadata.name);
    });
    assert.equal(names.size, NODES);
    // A server that pages from its own cache (1.34 and later) still has the old version: then nothing begins anew.
    console.log(`  ${paths.length} requests, the list was begun ${begun} time(s)`);
  }

  async function restart(): Promise<void> {
    const { pid, argv, cwd } = childOf('kube-apiserver', `--secure-port=${new URL(plane.access.server).port}`);
    process.kill(pid, 'SIGKILL');
    const [program = '', ...args] = argv;
    await sleep(1500);
    const log = openSync(join(cwd, 'kube-apiserver-again.log'), 'a');
    restarted = spawn(program, args, { cwd, stdio: ['ignore', log, log] });
    process.once('exit', () => restarted?.kill('SIGKILL'));
    for (const late = Date.now() + 60_000; (await plane.kubectl(['get', '--raw=/readyz'])).code !== 0; await sleep(200))
      assert.ok(Date.now() < late, 'the API server does not come back');
    await hands.send('POST', `/api/v1/namespaces/${NAMESPACE}/pods`, pod('after', 0, 1));
    await until('news after the restart', ({ holds }) => holds.some((hold) => hold.pod === 'after'));
  }

  async function expiry(): Promise<void> {
    await kubectl(['delete', 'secret', 'first', '-n', NAMESPACE]);
    // The server caches a good token for 10 s; the watches last 2 to 4 s, and the state is believed for 6 s.
    const late = Date.now() + 60_000;
    const refusal = async (): Promise<string> => {
      await sleep(100);
      assert.ok(Date.now() < late, 'an expired token is still taken');
      return reader.read(never).then(refusal, (error: Error) => error.message);
    };
    const said = await refusal();
    assert.match(
      said,
      /nothing was heard of (nodes|pods) for \d+ s: GET .*: status 401: Unauthorized: user reader of .*reader\.token was refused: has it expired\?/,
    );
    assert.ok(!said.includes(readFileSync(tokenFile, 'utf8').trim()));
    await freshToken('second');
    await hands.send('POST', `/api/v1/namespaces/${NAMESPACE}/pods`, pod('renewed', 0, 1));
    await until('news with the new token', ({ holds }) => holds.some((hold) => hold.pod === 'renewed'));
  }

  async function finish(): Promise<void> {
    await reader.close();
    await hands.close();
    restarted?.kill('SIGKILL'); // nothing is kept, and its graceful end takes as long as the watches of the others
  }

  const linux = existsSync('/proc/self/cmdline')
    ? undefined
    : 'the servers are found through /proc, which only Linux has';
  return [
    [`reader: ${NODES} nodes of three vendors and as many pods are made`, fill],
    ['reader: without rights it says which are missing', withoutRights],
    ['reader: the first list has every node and pod, with no rights but get, list and watch', firstSync],
    ['reader: new, finished and deleted pods and a cordoned node come by the watch', updates],
    ['reader: init containers and sidecars count as the API server validates them', sidecars],
    ['reader: a list whose pages etcd forgets in between is whole', tooOldToPage, linux],
    ['reader: after the API server was killed and started anew it goes on', restart, linux],
    ['reader: a watch from a version before that is refused with 410', tooOldToWatch, linux],
    ['reader: an expired token is told in words, and a new one in the file is taken', expiry],
    ['reader: it ends', finish],
  ];
}

/** The exporter's own list and watch of the Kubernetes API. */
export const reader: Part = {
  name: 'reader',
  async checks(ends) {
    const fleet = await startControlPlane('fleet');
    ends.defer(() => fleet.stop());
    return readerChecks(fleet);
  },
};
