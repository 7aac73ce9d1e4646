import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import { kubeconfig } from '../kubeconfig.ts';
import type { Proving } from '../proving.ts';
import { clusterTools } from '../tools.ts';
import { becomes, cleared, conditionOf, job, nodesOf, workloadOf, type Asked } from './jobs.ts';

/** A manager and its workers, each a plane with a controller of its own. */
export interface Dispatch {
  readonly manager: Proving;
  readonly workers: Readonly<Record<'nc-a' | 'py-a', Proving>>;
}

/** The rendered script hands each worker's kubeconfig to the manager, and all workers are active then. */
async function connected({ manager, workers }: Dispatch): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-dispatch-'));
  try {
    const file = join(folder, 'kubeconfig');
    const accesses = [manager, ...Object.values(workers)].map(({ plane }) => plane.access);
    writeFileSync(file, kubeconfig(accesses), { mode: 0o600 });
    const script = join(manager.folder, 'dispatch/kubeconfigs.sh');
    await promisify(execFile)('sh', [script], {
      env: { PATH: `${await clusterTools()}:${process.env['PATH']}`, KUBECONFIG: file, HOME: folder },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await manager.accepted(['wait', '--for=condition=Active', 'multikueuecluster', '--all', '--timeout=60s']);
  await manager.accepted(['wait', '--for=condition=Active', 'admissioncheck', '--all', '--timeout=60s']);
  await manager.accepted(['wait', '--for=condition=Active', 'clusterqueue', '--all', '--timeout=60s']);
  for (const kind of ['MultiKueueCluster', 'AdmissionCheck', 'MultiKueueConfig'])
    shown(kind, 'behaves', 'active with the kubeconfigs that the rendered script makes');
}

const podsOf = async (stage: Proving, namespace: string) =>
  (await stage.accepted(['get', 'pods', '-n', namespace, '-o', 'name'])).split('\n').filter(Boolean);

const member = (tenant: string) => [
  '--as=member',
  `--as-group=greenflops:tenant:${tenant}`,
  '--as-group=system:authenticated',
];

const jobs = [
  { tenant: 'copper-ai', on: 'nc-a', pool: 'nc-910b', namespace: 'copper-train', model: 'huawei.com/Ascend910B3' },
  { tenant: 'rice-vision', on: 'py-a', pool: 'py-910a', namespace: 'rice-vision', model: 'huawei.com/Ascend910A' },
  {
    tenant: 'mine-rescue',
    on: 'nc-a',
    pool: 'nc-910b',
    namespace: 'mine-rescue',
    model: 'huawei.com/Ascend910B3',
    dataClass: 'important',
  },
] as const;

const priorityOf = (tenant: string) => `greenflops-${tenant === 'mine-rescue' ? 'urgent' : 'normal'}`;

/** A tenant submits on the manager; pods stand on a worker that is cleared and where it has a quota, and nowhere else. */
async function handedOn({ manager, workers }: Dispatch): Promise<void> {
  for (const { tenant, namespace, model, on, pool, ...more } of jobs) {
    const asked: Asked = { name: 'far', namespace, devices: { [model]: 8 }, priority: priorityOf(tenant), ...more };
    await manager.accepted(['create', '-f', '-', ...member(tenant)], job(asked));
    const { status } = await becomes(manager, asked, 'admitted', { within: 60_000 });
    assert.equal(status?.clusterName, on, tenant);
    for (const node of await nodesOf(workers[on], asked)) assert.ok(node.startsWith(`${pool}-`), `${tenant}: ${node}`);
    assert.deepEqual(await podsOf(manager, namespace), [], 'no pod on the manager');
    for (const [id, worker] of Object.entries(workers))
      if (id !== on && (await worker.plane.kubectl(['get', 'namespace', namespace])).code === 0)
        assert.deepEqual(await podsOf(worker, namespace), [], `no pod of ${tenant} on ${id}`);
  }
  await cleared(manager, ...jobs.map(({ namespace }) => namespace));
}

/** A quota that names no pool counts every model of every worker: 8 A800 and 8 of 910B3 are 5 PFlops exactly. */
async function anyPool({ manager }: Dispatch): Promise<void> {
  const firms = (name: string, model: string, chips: number): Asked => ({
    name,
    namespace: 'small-firms',
    devices: { [model]: chips },
    priority: 'greenflops-low',
  });
  const send = (asked: Asked) => manager.accepted(['create', '-f', '-', ...member('small-firms')], job(asked));
  for (const one of [firms('gpu', 'nvidia.com/gpu', 8), firms('npu', 'huawei.com/Ascend910B3', 8)]) {
    await send(one);
    await becomes(manager, one, 'admitted', { within: 60_000 });
  }
  for (const [model, peak] of [
    ['huawei.com/Ascend910B3', 313],
    ['huawei.com/Ascend910A', 256],
  ] as const) {
    const next = firms(`next-${peak}`, model, 1);
    await send(next);
    await becomes(manager, next, 'waiting', { why: new RegExp(`${peak}k more needed`) });
  }
  await cleared(manager, 'small-firms');
}

/** What the manager says of a job whose worker has a fault: its check waits without a word, and its quota is held. */
async function silent(manager: Proving, asked: Asked): Promise<void> {
  for (const late = Date.now() + 30_000; ; await setTimeout(200)) {
    const workload = await workloadOf(manager, asked);
    const [check] = workload?.status?.admissionChecks ?? [];
    if (conditionOf(workload, 'QuotaReserved')?.status === 'True' && check?.state === 'Pending') {
      assert.equal(check.message, '');
      return;
    }
    assert.ok(Date.now() < late, JSON.stringify(workload?.status));
  }
}

/** Kueue's silent faults: a worker lacks the LocalQueue, or the whole namespace. The next apply of our stacks heals them. */
async function faults({ manager, workers }: Dispatch): Promise<void> {
  const worker = workers['py-a'];
  const asked: Asked = {
    name: 'lost',
    namespace: 'rice-vision',
    devices: { 'huawei.com/Ascend910A': 8 },
    priority: 'greenflops-normal',
  };
  for (const missing of [
    ['delete', 'localqueue', 'default', '-n', 'rice-vision'],
    ['delete', 'namespace', 'rice-vision', '--timeout=60s'],
  ]) {
    await worker.accepted(missing);
    await manager.accepted(['create', '-f', '-', ...member('rice-vision')], job(asked));
    await silent(manager, asked);
    await worker.accepted(['apply', '--server-side', '--force-conflicts', '-f', worker.folder]);
    await becomes(manager, asked, 'admitted', { within: 90_000 });
    await cleared(manager, 'rice-vision');
  }
}

export const dispatchChecks = (at: () => Dispatch): Check[] => [
  ['dispatch: the rendered script connects the manager to both workers', () => connected(at())],
  ["dispatch: a tenant's job on the manager runs on a worker that is cleared, and only there", () => handedOn(at())],
  ['dispatch: a quota without a pool counts two models together', () => anyPool(at())],
  ['dispatch: what a worker lacks the manager does not say, and an apply heals it', () => faults(at())],
];
