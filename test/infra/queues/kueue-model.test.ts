import { expect, test } from 'vitest';
import { priorityClassOf } from '../../../infra/guardrails/priority-classes.ts';
import { replaced } from '../estates.ts';
import type { Job, KueueModel } from './kueue-model.ts';
import { modelOf, provinceOf, rendered, type Rendered } from './modelled.ts';
import { province } from './province.ts';

const NPU = 'huawei.com/Ascend910B3';
const CREDITS = 'greenflops.io/gflops-fp16';

function get<T>(all: ReadonlyMap<string, T>, key: string): T {
  const found = all.get(key);
  if (found === undefined) throw new Error(`no ${key}`);
  return found;
}

const { all } = rendered(province);
const nanchang = (): KueueModel => modelOf(get(all, 'nc-a'));

/** A job of pods that ask for so many chips each, placed anywhere. */
const job = (
  name: string,
  namespace: string,
  resource: string,
  pods: number,
  chips: number,
  more?: Partial<Job>,
): Job => ({
  name,
  namespace,
  podSets: [{ pods, requests: { [resource]: chips, cpu: 8, memory: '64Gi' }, placement: { unconstrained: true } }],
  ...more,
});

/** Hands jobs in and settles after each; what became of all of them. */
function after(model: KueueModel, ...jobs: Job[]): string[] {
  for (const one of jobs) {
    model.submit(one);
    model.settle();
  }
  return jobs.map(({ name }) => {
    const verdict = model.verdict(name);
    return verdict.state === 'admitted' ? 'admitted' : `${verdict.reason}: ${verdict.message}`;
  });
}

test('a job with a queue label gets its chips and is counted in credits', () => {
  const model = nanchang();
  expect(after(model, job('train', 'copper-train', NPU, 2, 8))).toEqual(['admitted']);
  expect(model.verdict('train')).toMatchObject({
    flavors: { [NPU]: 'nc-910b', [CREDITS]: 'greenflops-credits' },
    // 16 x 313,000 GFLOPS
    usage: new Map([
      [`nc-910b ${NPU}`, 16],
      [`greenflops-credits ${CREDITS}`, 5_008_000],
    ]),
    checks: [],
  });
});

test('20 PFlops of its own, 10 from its group, and not one chip more', () => {
  // 20 PFlops + 10 PFlops borrowed are 30,000,000 GFLOPS: 95 chips are 29,735,000, and 96 would be 30,048,000
  const model = nanchang();
  expect(after(model, job('own', 'copper-train', NPU, 63, 1), job('borrowed', 'copper-serve', NPU, 32, 1))).toEqual([
    'admitted',
    'admitted',
  ]);
  expect(after(model, job('more', 'copper-train', NPU, 1, 1))).toEqual([
    `WaitingForQuota: insufficient unused quota for ${CREDITS} in flavor greenflops-credits, 48000 more needed`,
  ]);
  // What could never be had is told as that
  expect(after(model, job('never', 'copper-train', NPU, 12, 8))[0]).toMatch(
    /^ExceedsMaxQuota: .*\(30048000\) > maximum capacity \(30000000\)/,
  );
});

test('the lender takes its own back, from whoever borrowed it, and no more of it than it needs', () => {
  const model = nanchang();
  after(
    model,
    job('own', 'copper-train', NPU, 60, 1),
    job('small', 'copper-train', NPU, 3, 1),
    job('big', 'copper-serve', NPU, 32, 1),
  );
  // 12 PFlops: 38 chips. 32 PFlops of the group less 95 chips leave 7 chips' worth
  expect(after(model, job('rescue', 'mine-rescue', NPU, 7, 1))).toEqual(['admitted']);
  expect(model.verdict('big').state).toBe('admitted');
  expect(after(model, job('rescue-2', 'mine-rescue', NPU, 31, 1))).toEqual(['admitted']);
  expect(['own', 'small', 'big'].map((name) => model.verdict(name).state)).toEqual(['admitted', 'admitted', 'waiting']);
  // All of its own is in use now
  expect(after(model, job('rescue-3', 'mine-rescue', NPU, 1, 1))[0]).toMatch(/^ExceedsMaxQuota|^WaitingForQuota/);
  // What was sent away comes back when there is room
  model.finish('rescue-3');
  model.finish('rescue-2');
  expect(model.settle().verdict('big').state).toBe('admitted');
});

test('within a tenant urgent work goes first', () => {
  const model = nanchang();
  const low = { priority: priorityClassOf('low') };
  const urgent = { priority: priorityClassOf('urgent') };
  after(model, job('first', 'mine-rescue', NPU, 19, 1, low), job('second', 'mine-rescue', NPU, 19, 1, low));
  expect(after(model, job('urgent', 'mine-rescue', NPU, 19, 1, urgent))).toEqual(['admitted']);
  expect([model.verdict('first').state, model.verdict('second').state]).toEqual(['admitted', 'waiting']);
});

test('a group lends to its own tenants alone', () => {
  const model = nanchang();
  // small-firms is of the group research: 5 PFlops are 16 A800, and industrial has 32 PFlops idle
  const firms = (name: string, pods: number) => job(name, 'small-firms', 'nvidia.com/gpu', pods, 1);
  expect(after(model, firms('firms', 16), firms('firms-2', 1))).toEqual([
    'admitted',
    expect.stringContaining(`insufficient unused quota for ${CREDITS}`),
  ]);
});

test('a quota without a pool takes any model, one number for all', () => {
  const model = nanchang();
  // 10 x 313 + 6 x 312 = 5,002 TFLOPS, 2 more than 5 PFlops
  expect(
    after(model, job('npu', 'small-firms', NPU, 10, 1), job('gpu', 'small-firms', 'nvidia.com/gpu', 6, 1)),
  ).toEqual([
    'admitted',
    `WaitingForQuota: insufficient unused quota for ${CREDITS} in flavor greenflops-credits, 2000 more needed`,
  ]);
  expect(after(model, job('gpu-5', 'small-firms', 'nvidia.com/gpu', 5, 1))).toEqual(['admitted']);
});

test('what no quota covers waits: another model, a name that is not counted, a pod template without topology', () => {
  const model = nanchang();
  expect(after(model, job('gpu', 'copper-train', 'nvidia.com/gpu', 1, 1))).toEqual([
    'PendingEvaluation: resource nvidia.com/gpu unavailable in ClusterQueue',
  ]);
  const bare: Job = { name: 'bare', namespace: 'copper-train', podSets: [{ pods: 1, requests: { [NPU]: 1 } }] };
  expect(after(model, bare)).toEqual(['NoMatchingFlavor: Flavor "nc-910b" supports only TopologyAwareScheduling']);
  const lost = { ...bare, name: 'lost', queue: 'mine' };
  expect(after(model, lost)).toEqual(["Misconfigured: LocalQueue mine doesn't exist"]);
  const stranger = { ...bare, name: 'stranger', namespace: 'rice-vision' };
  expect(after(model, stranger)[0]).toMatch(/^Misconfigured/);
});

test('nodes hold what they hold: a gang within a rack, and a pod within a node', () => {
  const model = nanchang();
  const gang = (name: string, pods: number, chips: number): Job => ({
    name,
    namespace: 'copper-train',
    podSets: [{ pods, requests: { [NPU]: chips }, placement: { required: 'topology.jiangxi/rack' } }],
  });
  // A rack has 8 of the 16 nodes: 8 pods of 8 chips would be 64, and the quota with what is borrowed is 95
  expect(after(model, gang('rack', 8, 8))).toEqual(['admitted']);
  model.finish('rack');
  expect(after(model, gang('wider', 9, 8))[0]).toMatch(/^TopologyPlacementFailed/);
  expect(after(model, gang('fat', 1, 9))[0]).toMatch(/^TopologyPlacementFailed/);
});

test("without the controller's configuration nothing is counted, and chips alone cap the tenant", () => {
  const { objects, nodes, configuration }: Rendered = get(all, 'nc-a');
  const { transformations: _, ...resources } = configuration.resources;
  const model = modelOf({
    ...get(all, 'nc-a'),
    objects,
    nodes,
    configuration: { ...configuration, resources } as Rendered['configuration'],
  });
  expect(after(model, job('open', 'copper-train', NPU, 128, 1))).toEqual(['admitted']);
  expect(model.verdict('open')).toMatchObject({ usage: new Map([[`nc-910b ${NPU}`, 128]]) });
});

test('two layers: the manager counts, the worker that has room runs it, under the same names', () => {
  const { province: model } = provinceOf(all, 'jx-m');
  const submit = (...jobs: Job[]) => {
    for (const one of jobs) {
      model.submit(one);
      model.settle();
    }
    return jobs.map(({ name }) => model.runsOn(name));
  };
  const H20 = 'nvidia.com/mig-7g.96gb';
  expect(
    submit(
      job('copper', 'copper-train', NPU, 63, 1),
      job('lab', 'uni-lab', H20, 27, 1),
      job('rice', 'rice-vision', 'huawei.com/Ascend910A', 31, 1),
    ),
  ).toEqual(['nc-a', 'py-a', 'py-a']);
  // 5 PFlops wherever there is room, once: 10 chips here and 6 there
  expect(submit(job('firms', 'small-firms', NPU, 10, 1), job('firms-2', 'small-firms', H20, 12, 1))).toEqual([
    'nc-a',
    'py-a',
  ]);
  expect(submit(job('firms-3', 'small-firms', H20, 1, 1))).toEqual([undefined]);
  expect(model.verdict('firms-3')).toMatchObject({ state: 'waiting', reason: 'WaitingForQuota' });
  model.finish('firms');
  expect(model.settle().runsOn('firms-3')).toBe('py-a');
  // Important data: the manager's check leads to the one cluster that is cleared
  expect(submit(job('rescue', 'mine-rescue', NPU, 8, 1))).toEqual(['nc-a']);
});

test('a job of more than any worker has is held by the manager, which says nothing', () => {
  const split = replaced(
    'quota: [{ pool: nc-910b, pflops: 20 }]\n    borrow_pflops: 10',
    'quota: [{ pool: nc-a800, pflops: 5 }, { cluster: py-a, pflops: 5 }]',
  )(province);
  const { province: model } = provinceOf(rendered(split).all, 'jx-m');
  model.submit(job('large', 'copper-train', 'nvidia.com/gpu', 20, 1));
  model.settle();
  expect([model.verdict('large').state, model.runsOn('large')]).toEqual(['admitted', undefined]);
});
