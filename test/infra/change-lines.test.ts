import { expect, test } from 'vitest';
import { differences } from '../../infra/change/difference.ts';
import { keyOf } from '../../infra/change/key.ts';
import { Kubectl } from '../../infra/change/kubectl.ts';
import { changeLines } from '../../infra/change/lines.ts';
import type { Live } from '../../infra/change/live.ts';
import { isNodeLabels, type Node, type Observed } from '../../infra/change/observe.ts';
import { deployedBefore, isRecord, recorded } from '../../infra/change/record.ts';
import { declaredStacks, type DeclaredStack } from '../../infra/declared.ts';
import { replaced, stacksOf } from './estates.ts';

const shipped = declaredStacks('plan').filter(({ cluster }) => cluster.id === 'nc-a');
const objectsOf = (stacks: readonly DeclaredStack[]) =>
  stacks.flatMap(({ objects }) => objects).filter((object) => !isNodeLabels(object));
const asLive = (stacks: readonly DeclaredStack[]): ReadonlyMap<string, Live> =>
  new Map(objectsOf(stacks).map((object) => [keyOf(object), object as Live]));

/** What is told of `stacks` on a cluster that holds `live`; nobody is asked. */
function lines(stacks: readonly DeclaredStack[], live: ReadonlyMap<string, Live>, more: Partial<Observed> = {}) {
  const [first] = stacks;
  if (!first) throw new Error('no stacks');
  return changeLines(
    {
      view: first.view,
      stacks,
      chosen: stacks,
      kubectl: new Kubectl('none'),
      live,
      nodes: new Map(),
      record: recorded(live),
      changes: differences(objectsOf(stacks), live, new Map(), deployedBefore(live)),
      strangers: [],
      refused: [],
      missing: [],
      ...more,
    },
    'plan',
  ).map(({ subject, text: { en } }) => `${subject}: ${en}`);
}

const fresh = lines(shipped, new Map());

test('a first deploy is told in pools, quotas on them, groups, and all policies in one line', () => {
  expect(fresh).toEqual(
    expect.arrayContaining([
      'pool: nc-910b is new (128 × ascend-910b3, 40.064 PFlops)',
      'groups: greenflops-auditor: +greenflops:auditors',
      'namespace: uni-lab (tenant uni-lab) is made, data class general, pod security restricted',
    ]),
  );
  expect(fresh.find((line) => line.startsWith('quota: copper-ai'))).toMatch(
    /^quota: copper-ai: 0 → 20 PFlops, 0 → 63 chips of huawei\.com\/Ascend910 .* on nc-910b in /,
  );
  expect(fresh.filter((line) => line.startsWith('policies: '))).toHaveLength(1);
});

test('where a destroy left the ledger it is told as a first deploy', () => {
  const left = lines(shipped, asLive(shipped.filter(({ stack }) => stack.keep)));
  const units = (all: readonly string[]) => all.filter((line) => /^(pool|quota|policies)/.test(line));
  expect(units(left)).toEqual(units(fresh));
});

test('stacks that were deployed alone say nothing of the others', () => {
  const pools = asLive(shipped.filter(({ stack }) => stack.name === 'pools'));
  const said = lines(shipped, pools);
  expect(said.filter((line) => line.startsWith('outside'))).toEqual([]);
  // And what went from a stack that was deployed was taken away by somebody.
  const without = new Map([...pools].filter(([, { kind }]) => kind !== 'LimitRange'));
  expect(lines(shipped, without)).toContain(
    'outside: LimitRange uni-lab/containers was deleted by somebody; a deploy brings it back',
  );
  expect([...asLive(shipped).values()].filter(isRecord).map(({ metadata }) => metadata.name)).toEqual([
    'greenflops-declared-guardrails',
    'greenflops-declared',
    'greenflops-declared-telemetry',
  ]);
});

test('a rename is offered only where the old id is no longer declared', () => {
  const py = asLive(declaredStacks('plan').filter(({ cluster }) => cluster.id === 'py-a'));
  expect(lines(shipped, py).filter((line) => /seems to be nc-a/.test(line))).toEqual([]);
  const all = stacksOf((estate) =>
    replaced(
      '{ id: nc-a, site',
      '{ id: nc-main, site',
    )(estate)
      .replaceAll('cluster: nc-a', 'cluster: nc-main')
      .replaceAll('clusters: [nc-a', 'clusters: [nc-main'),
  );
  const main = all.filter(({ cluster }) => cluster.id === 'nc-main');
  expect(
    lines(main, asLive(shipped)).some((line) => line.startsWith('rename: the cluster nc-a seems to be nc-main')),
  ).toBe(true);
});

const named = (kind: string, apiVersion: string, name: string, more: object): Live => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'uni-lab' },
  ...more,
});

test('what opens a tenant’s namespace beside the declaration is told, and is no change', () => {
  const rbac = 'rbac.authorization.k8s.io/v1';
  const strangers = [
    named('NetworkPolicy', 'networking.k8s.io/v1', 'allow-all', {
      spec: { podSelector: {}, ingress: [{}], egress: [{}] },
    }),
    named('NetworkPolicy', 'networking.k8s.io/v1', 'closed', { spec: { podSelector: {}, policyTypes: ['Egress'] } }),
    named('RoleBinding', rbac, 'eve', {
      roleRef: { kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'User', name: 'eve' }],
    }),
  ];
  expect(
    lines(shipped, asLive(shipped), { strangers, changes: [] }).filter((line) => line.startsWith('strange')),
  ).toEqual([
    'strange: NetworkPolicy uni-lab/allow-all opens → * ← *; no deploy touches it',
    'strange: NetworkPolicy uni-lab/closed, which opens nothing; no deploy touches it',
    'strange: RoleBinding uni-lab/eve gives ClusterRole admin to User eve; no deploy touches it',
  ]);
});

test('a group that somebody put in is told by its name, not as JSON', () => {
  const live = new Map(asLive(shipped));
  const key = 'rbac.authorization.k8s.io/RoleBinding uni-lab/members';
  const is = live.get(key);
  if (!is) throw new Error(`no ${key}`);
  const subjects = [...(is as Live & { subjects: object[] }).subjects, { kind: 'Group', name: 'hackers' }];
  live.set(key, { ...is, subjects } as Live);
  expect(lines(shipped, live)).toEqual([
    'outside: RoleBinding uni-lab/members: somebody edited subjects, +hackers; a deploy takes it back',
    ...lines(shipped, asLive(shipped)),
  ]);
});

test('a taint that is missing comes with the command for the cluster’s own context', () => {
  const node: Node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', labels: { accelerator: 'ascend-910b3' } },
  };
  expect(lines(shipped, asLive(shipped), { nodes: new Map([['n1', node]]), changes: [] })).toEqual([
    'nodes: n1 lacks the taint greenflops.io/pool=nc-910b:NoSchedule, which no deploy writes: kubectl --context nc-a taint node n1 greenflops.io/pool=nc-910b:NoSchedule',
  ]);
});

test('of named stacks only theirs is told', () => {
  const chosen = shipped.filter(({ stack }) => stack.name === 'telemetry');
  const said = lines(shipped, new Map(), { chosen, changes: [] });
  expect(said).toEqual([]);
});
