import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { loadPlan } from '../../../model/load.ts';
import { tolerationsOf } from '../../../infra/pools/taints.ts';
import { pod, type Pod } from '../pod.ts';
import type { Proving } from '../proving.ts';

/** What one tenant of each pool may have, worked out by hand from the proving estate, and in which namespace. */
export interface Grant {
  readonly pool: string;
  readonly namespace: string;
  readonly dataClass: string;
  /** The most that may be requested at once, by resource */
  readonly most: Readonly<Record<string, number>>;
  /** What one pod of many asks for */
  readonly each: Readonly<Record<string, number>>;
}

export const grants: readonly Grant[] = [
  // 3 PFlops / 312 TFLOPS = 9.6
  {
    pool: 'p-a800',
    namespace: 'ore-vault',
    dataClass: 'important',
    most: { 'nvidia.com/gpu': 9 },
    each: { 'nvidia.com/gpu': 3 },
  },
  // 3 PFlops / 313 TFLOPS = 9.6 in two namespaces, the first of which has the odd one
  {
    pool: 'p-910b',
    namespace: 'copper-train',
    dataClass: 'general',
    most: { 'huawei.com/Ascend910': 5 },
    each: { 'huawei.com/Ascend910': 1 },
  },
  // 0.5 PFlops / 196 TFLOPS = 2.55 in two namespaces
  {
    pool: 'p-rdma',
    namespace: 'copper-serve',
    dataClass: 'general',
    most: { 'hygon.com/dcu': 1 },
    each: { 'hygon.com/dcu': 1 },
  },
  // 0.33 PFlops / (756 / 7 = 108 TFLOPS) = 3.06 slices
  {
    pool: 'p-mig',
    namespace: 'share-lab',
    dataClass: 'general',
    most: { 'nvidia.com/mig-1g.10gb': 3 },
    each: { 'nvidia.com/mig-1g.10gb': 1 },
  },
  // 0.1 PFlops / (119.5 / 4 = 29.875 TFLOPS) = 3.35 turns
  {
    pool: 'p-turns',
    namespace: 'share-lab',
    dataClass: 'general',
    most: { 'nvidia.com/gpu.shared': 3 },
    each: { 'nvidia.com/gpu.shared': 1 },
  },
  // 0.7 PFlops / 280 TFLOPS = 250 per cent of a chip, and as much of 32768 MiB
  {
    pool: 'p-hami',
    namespace: 'share-lab',
    dataClass: 'general',
    most: { 'huawei.com/Ascend910B4-core': 250, 'huawei.com/Ascend910B4-memory': 81_920 },
    each: { 'huawei.com/Ascend910B4': 1, 'huawei.com/Ascend910B4-core': 50, 'huawei.com/Ascend910B4-memory': 16_384 },
  },
];

export function grantOf(pool: string): Grant {
  return grants.find((grant) => grant.pool === pool) ?? assert.fail(`no grant on ${pool}`);
}

/** The tolerations of a pool as the contract has them. */
export function tolerations({ plan }: Proving, id: string) {
  const pool = loadPlan(plan).estate.pools.find((one) => one.id === id) ?? assert.fail(`no pool ${id}`);
  return tolerationsOf(pool);
}

/** A pod that a tenant of the proving estate may make. */
export const work = (
  name: string,
  { dataClass }: Pick<Grant, 'dataClass'>,
  devices: Readonly<Record<string, number>>,
  spec: Readonly<Record<string, unknown>> = {},
): Pod => pod(name, { devices, dataClass, labels: { 'kueue.x-k8s.io/queue-name': 'queue' }, spec });

export const create = (namespace: string) => ['create', '-n', namespace, '-f', '-'];

interface Scheduled {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly reason?: string; readonly message?: string }[];
  };
}

/** What became of a pod: its node, or why the scheduler has none. Rejects after 30 s of neither. */
export async function fate(stage: Proving, namespace: string, name: string): Promise<{ node?: string; why?: string }> {
  for (const late = Date.now() + 30_000; Date.now() < late; await setTimeout(100)) {
    const { spec, status } = JSON.parse(
      await stage.accepted(['get', 'pod', name, '-n', namespace, '-o', 'json']),
    ) as Scheduled;
    if (spec.nodeName !== undefined) return { node: spec.nodeName };
    const refused = status.conditions?.find(
      ({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable',
    );
    if (refused) return { why: refused.message ?? '' };
  }
  throw new Error(`the scheduler says nothing of ${namespace}/${name}`);
}

/** Deletes the pods, and waits until the quota has given their chips back. */
export async function gone(stage: Proving, namespace: string): Promise<void> {
  await stage.accepted(['delete', 'pods', '--all', '-n', namespace, '--force', '--grace-period=0', '--timeout=60s']);
  for (const late = Date.now() + 30_000; Date.now() < late; await setTimeout(200)) {
    const { status } = JSON.parse(
      await stage.accepted(['get', 'resourcequota', 'accelerators', '-n', namespace, '-o', 'json']),
    ) as { status: { used?: Readonly<Record<string, string>> } };
    const used = Object.entries({ ...status.used }).filter(
      ([key, count]) => key.startsWith('requests.') && count !== '0',
    );
    if (used.length === 0) return;
  }
  assert.fail(`the quota of ${namespace} counts pods that are gone`);
}

/** Waits until the quota counts: its controller has taken in every key of it. */
export async function counted(stage: Proving, namespace: string): Promise<void> {
  for (const late = Date.now() + 30_000; Date.now() < late; await setTimeout(200)) {
    const { spec, status } = JSON.parse(
      await stage.accepted(['get', 'resourcequota', 'accelerators', '-n', namespace, '-o', 'json']),
    ) as { spec: { hard: object }; status: { hard?: object; used?: object } };
    const taken = Object.keys({ ...status.hard });
    if (Object.keys(spec.hard).every((key) => taken.includes(key))) return;
  }
  assert.fail(`the quota of ${namespace} is not counted`);
}
