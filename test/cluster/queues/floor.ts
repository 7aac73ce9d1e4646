import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import type { Proving } from '../proving.ts';
import { becomes, cleared, conditionOf, nodesOf, submit, workloadOf, type Asked } from './jobs.ts';

const A800 = 'nvidia.com/gpu';
const B3 = 'huawei.com/Ascend910B3';
const CREDITS = 'greenflops.io/gflops-fp16';

/** A job of one tenant of nc-a, in its own priority unless another is named: `pods` times `chips` of a model. */
const of =
  (namespace: string, own = 'normal', dataClass = 'general') =>
  (name: string, chips: number, pods = 1, model = B3, priority = own): Asked => ({
    name,
    namespace,
    dataClass,
    devices: { [model]: chips },
    pods,
    priority: `greenflops-${priority}`,
  });
const copper = of('copper-train');
const serve = of('copper-serve');
const rescue = of('mine-rescue', 'urgent', 'important');
const lab = of('uni-lab');
const namespaces = ['copper-train', 'copper-serve', 'mine-rescue', 'uni-lab'];

const factor: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };

/** Waits until a queue's own status says that it has given out so much of a resource. */
async function uses(stage: Proving, queue: string, resource: string, expected: number): Promise<void> {
  for (const late = Date.now() + 20_000; ; await setTimeout(150)) {
    const { status } = JSON.parse(await stage.accepted(['get', 'clusterqueue', queue, '-o', 'json'])) as {
      status: { flavorsUsage?: readonly { resources: readonly { name: string; total: string }[] }[] };
    };
    const own = (status.flavorsUsage ?? []).flatMap(({ resources }) =>
      resources.filter(({ name }) => name === resource),
    );
    const total = own.reduce(
      (sum, one) => sum + Number.parseInt(one.total, 10) * (factor[one.total.at(-1) ?? ''] ?? 1),
      0,
    );
    if (total === expected) return;
    assert.ok(Date.now() < late, `${queue} uses ${total} of ${resource}, not ${expected}`);
  }
}

/** (a) Pods land on the nodes of their pool, past its taint, whatever else is idle. */
async function flavours(stage: Proving): Promise<void> {
  const jobs = [copper('npu', 8, 2), lab('gpu', 4, 2, A800)];
  await submit(stage, ...jobs);
  for (const [i, pool] of (['nc-910b', 'nc-a800'] as const).entries()) {
    const asked = jobs[i] ?? assert.fail();
    await becomes(stage, asked, 'admitted');
    for (const node of await nodesOf(stage, asked)) assert.ok(node.startsWith(`${pool}-`), `${asked.name}: ${node}`);
  }
  await cleared(stage, ...namespaces);
  shown('ResourceFlavor', 'behaves', "pods of each pool's jobs stand on its nodes alone");
}

/** (b) 20 PFlops of 910B3 are 63 chips; with 10 PFlops of its idle group a tenant has 95 and not one more. */
async function floor(stage: Proving): Promise<void> {
  const [own, borrowed, next] = [copper('own', 7, 9), serve('borrowed', 8, 4), copper('next', 1)];
  await submit(stage, own);
  await becomes(stage, own, 'admitted');
  await submit(stage, borrowed);
  await becomes(stage, borrowed, 'admitted');
  await uses(stage, 'copper-ai', B3, 95);
  await uses(stage, 'copper-ai', CREDITS, 95 * 313_000);
  await submit(stage, next);
  // 96 x 313,000 are 48,000 more than 20,000,000 + 10,000,000
  await becomes(stage, next, 'waiting', {
    why: /insufficient unused quota for greenflops\.io\/gflops-fp16 .*48k more needed/,
  });
  // No ResourceQuota is in the way of what was admitted: every pod stands on a node.
  assert.equal((await nodesOf(stage, own)).length, 9);
  assert.equal((await nodesOf(stage, borrowed)).length, 4);
  // Else it would slip in where the larger job is evicted next.
  await stage.accepted(['delete', 'job', 'next', '-n', 'copper-train', '--cascade=foreground', '--timeout=60s']);
  shown('ClusterQueue', 'behaves', '63 chips guaranteed, 95 with what is borrowed, the next one waits with its reason');
  shown('ResourceQuota', 'behaves', 'lets every pod of what Kueue admits pass');
  shown('LocalQueue', 'behaves', "both of a tenant's namespaces take from its one queue");
}

/** What the group lent comes back when its member asks for its own, and the 63 stay. */
async function reclaimed(stage: Proving): Promise<void> {
  const all = rescue('rescue', 1, 38); // 12 PFlops / 313 TFLOPS
  await submit(stage, all);
  await becomes(stage, all, 'admitted');
  await uses(stage, 'mine-rescue', B3, 38);
  await uses(stage, 'copper-ai', B3, 63);
  const evicted = await workloadOf(stage, serve('borrowed', 8, 4));
  const preempted = conditionOf(evicted, 'Preempted');
  assert.equal(preempted?.reason, 'InCohortReclamation', JSON.stringify(preempted));
  assert.match(preempted?.message ?? '', /preemptor path: \/province\/group-industrial\/mine-rescue/);
  await becomes(stage, rescue('rescue', 1, 38), 'admitted');
}

/** The group has nothing left; another group's idle quota is not to be had. */
async function withinGroup(stage: Proving): Promise<void> {
  const borrowed = serve('borrowed', 8, 4);
  await becomes(stage, borrowed, 'waiting', { why: /insufficient unused quota for greenflops\.io\/gflops-fp16/ });
  await uses(stage, 'uni-lab', CREDITS, 0);
  await uses(stage, 'small-firms', CREDITS, 0);
  await cleared(stage, ...namespaces);
  shown(
    'Cohort',
    'behaves',
    'its members borrow from each other, take their own back, and get nothing of other groups',
  );
}

/** (c) Of two that wait in a queue the more urgent one goes first, and what runs makes way for it. */
async function urgent(stage: Proving): Promise<void> {
  const filler = rescue('filler', 8, 4, B3, 'low');
  const [later, first] = [rescue('later', 8, 4, B3, 'normal'), rescue('first', 8, 4, B3, 'urgent')];
  await submit(stage, filler);
  await becomes(stage, filler, 'admitted');
  await submit(stage, first);
  await becomes(stage, first, 'admitted');
  const evicted = conditionOf(await workloadOf(stage, filler), 'Preempted');
  assert.equal(evicted?.reason, 'InClusterQueue', JSON.stringify(evicted));
  await submit(stage, later);
  await becomes(stage, later, 'waiting');
  await stage.accepted(['delete', 'job', 'first', '-n', 'mine-rescue', '--cascade=foreground', '--timeout=60s']);
  await becomes(stage, later, 'admitted');
  await becomes(stage, filler, 'waiting');
  await cleared(stage, ...namespaces);
  shown('WorkloadPriorityClass', 'behaves', 'what is urgent drives out what is low, and goes before what waits');
}

/** (d) Chips that are promised and not there are not handed out: the job waits in its queue, and holds no quota. */
async function physical(stage: Proving): Promise<void> {
  const nodes = Array.from({ length: 10 }, (_, i) => `nc-910b-${i}`);
  const [six, seventh] = [copper('six', 8, 6), copper('seventh', 8)];
  await stage.accepted(['cordon', ...nodes]); // six of sixteen are left: 48 chips
  try {
    await submit(stage, six);
    await becomes(stage, six, 'admitted');
    await submit(stage, seventh);
    await becomes(stage, seventh, 'waiting', { why: /topology "nc-910b" doesn't allow to fit/ });
    await uses(stage, 'copper-ai', B3, 48);
  } finally {
    await stage.accepted(['uncordon', ...nodes]);
  }
  await becomes(stage, seventh, 'admitted');
  await cleared(stage, ...namespaces);
  shown('Topology', 'behaves', 'nothing is admitted that no node has room for');
}

/** What the floor layout gives, on the rendered objects of nc-a, by Kueue's controller and the real scheduler. */
export const floorChecks = (stage: () => Proving): Check[] => [
  ["flavours: pods land on their pool's nodes and only there", () => flavours(stage())],
  ['floor: 63 chips are guaranteed, 95 with what is borrowed, and the next one waits', () => floor(stage())],
  ['floor: the group takes back what it lent, and the 63 stay', () => reclaimed(stage())],
  ['floor: nothing is borrowed from another group', () => withinGroup(stage())],
  ['priority: what is urgent goes first', () => urgent(stage())],
  ['topology: no more is admitted than nodes have', () => physical(stage())],
];
