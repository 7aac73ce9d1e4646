import { describe, expect, test } from 'vitest';
import { differences } from '../../../infra/change/difference.ts';
import { keyOf, kindOf } from '../../../infra/change/key.ts';
import { Kubectl } from '../../../infra/change/kubectl.ts';
import { changeLines } from '../../../infra/change/lines.ts';
import type { Live } from '../../../infra/change/live.ts';
import { missingProjects } from '../../../infra/change/missing.ts';
import { isNodeLabels, type Observed } from '../../../infra/change/observe.ts';
import { deployedBefore, recorded } from '../../../infra/change/record.ts';
import { tellings } from '../../../infra/change/tellings.ts';
import type { DeclaredStack } from '../../../infra/declared.ts';
import { requireInstalled } from '../../../infra/deploy/installed.ts';
import type { KubernetesObject } from '../../../infra/kubernetes.ts';
import type { Text } from '../../../model/text.ts';
import { declare, every, pair, small } from './objects-estate.ts';
import { province } from './province.ts';

const objectsOf = (stacks: readonly DeclaredStack[]) => every(stacks).filter((object) => !isNodeLabels(object));

/** What diff says of `after` on a cluster that was deployed from `before`; nobody is asked. */
function told(before: readonly DeclaredStack[], after: readonly DeclaredStack[], status?: (live: Live) => Live) {
  const [first] = after;
  if (!first) throw new Error('no stacks');
  const live = new Map(
    objectsOf(before).map((object): [string, Live] => [keyOf(object), status?.(object as Live) ?? (object as Live)]),
  );
  const lines = changeLines(
    {
      view: first.view,
      stacks: after,
      chosen: after,
      kubectl: new Kubectl('none'),
      live,
      nodes: new Map(),
      record: recorded(live),
      changes: differences(objectsOf(after), live, new Map(), deployedBefore(live)),
      strangers: [],
      refused: [],
      missing: [],
    },
    'plan',
  ).filter(({ subject }) => ['quota', 'queue', 'dispatch'].includes(subject));
  const mark = ({ danger }: { readonly danger?: boolean }) => (danger ? '! ' : '');
  return {
    en: lines.map((line) => `${mark(line)}${line.subject}: ${line.text.en}`),
    zh: lines.map((line) => `${mark(line)}${line.text.zh}`),
  };
}

const on = (estate: string, id: string) => declare(estate).filter(({ cluster }) => cluster.id === id);
const one = on(small, 'c-one');

test('a first deploy: what each tenant is promised, what became of it, what is left', () => {
  const { en, zh } = told([], one);
  expect(en).toEqual([
    'quota: smelter on new: 3 PFlops promised, 9 cards = 2.817 PFlops, 0.183 short (less than a card)',
    'quota: smelter: may borrow 1.5 PFlops from group works',
    'quota: mill on old: 2 PFlops promised, 6 cards = 1.878 PFlops, 0.122 short (less than a card)',
    'queue: old: no quota names 26 cards (8.138 PFlops); the tenants of the pool may use them within their PFlops',
    'queue: new: no quota names 7 cards (2.191 PFlops); the tenants of the pool may use them within their PFlops',
    'queue: gpus: no quota names 8 cards (2.496 PFlops); the tenants of the pool may use them within their PFlops',
  ]);
  expect(zh[0]).toBe('smelter（new）：承诺 3 PFlops，9 张卡 = 2.817 PFlops，少 0.183（不足一张卡）');
  expect(zh[1]).toBe('smelter：可向组 works 借用 1.5 PFlops');
  expect(zh[3]).toBe('old：26 张卡（8.138 PFlops）没有配额指名，本池的租户可在各自的 PFlops 之内使用');
});

test('another quota, other borrowing, another group', () => {
  const after = on(
    small
      .replace('{ pool: new, pflops: 3 }', '{ pool: new, pflops: 3.13 }')
      .replace('borrow_pflops: 1.5', 'borrow_pflops: 0')
      .replace('[mill], data_class: general, group: works', '[mill], data_class: general, group: mills'),
    'c-one',
  );
  expect(told(one, after).en).toEqual([
    'quota: smelter on new: 3 → 3.13 PFlops promised, 9 → 10 cards = 3.13 PFlops',
    'quota: smelter: may borrow 1.5 → 0 PFlops from group works',
    'queue: new: no quota names 7 → 6 cards (1.878 PFlops); the tenants of the pool may use them within their PFlops',
    'queue: mill: group works → mills',
  ]);
  expect(told(one, one).en).toEqual([]);
});

test('a quota that names no pool has a share of what the others leave, which changes with theirs', () => {
  const open =
    '  - { id: schools, action: industrial-production, namespaces: [schools], data_class: general, quota: [{ pflops: 9 }] }';
  const before = small.replace('telemetry:', `${open}\ntelemetry:`);
  const after = before.replace('{ pool: old, pflops: 2 }', '{ pool: old, pflops: 4 }');
  const { en, zh } = told(on(before, 'c-one'), on(after, 'c-one'));
  expect(en).toEqual([
    'quota: mill on old: 2 → 4 PFlops promised, 6 → 12 cards = 3.756 PFlops, 0.244 short (less than a card)',
    'quota: schools: 26 → 20 cards of its own on old',
    'queue: old: no quota names 26 → 20 cards (6.26 PFlops); the tenants of the pool may use them within their PFlops',
  ]);
  expect(zh[1]).toBe('schools（old）：自有 26 → 20 张卡');
});

test('a limit below what runs, and a tenant that goes', () => {
  const lower = on(small.replace('pflops: 3 }], borrow_pflops: 1.5', 'pflops: 1 }]'), 'c-one');
  const flavorsReservation = [
    { name: 'new', resources: [{ name: 'huawei.com/Ascend910', total: '8' }] },
    { name: 'greenflops-credits', resources: [{ name: 'greenflops.io/gflops-fp16', total: '2504k' }] },
  ];
  const busy = (live: Live): Live =>
    live.kind === 'ClusterQueue' && live.metadata.name === 'smelter'
      ? { ...live, status: { flavorsReservation } }
      : live;
  expect(told(one, lower, busy).en).toContain(
    '! quota: smelter: 2.504 PFlops are in use, more than the new limit of 1: what runs goes on, and nothing new starts',
  );
  expect(told(one, lower).en.filter((line) => line.startsWith('!'))).toEqual([]);
  const without = on(small.replace(/ {2}- \{ id: mill.*\n/, ''), 'c-one');
  expect(told(one, without).en).toEqual([
    'queue: old: no quota names 26 → 32 cards (10.016 PFlops); the tenants of the pool may use them within their PFlops',
    '! queue: mill is removed: none of its jobs is admitted any more',
  ]);
});

test('a quota that names no pool, and the workers of a manager', () => {
  const top = on(pair, 'top');
  expect(told([], top).en).toEqual([
    'quota: open on any pool: 0.7 PFlops promised, 0.7 PFlops of credits',
    'quota: smelter on new: 3 PFlops promised, 9 cards = 2.817 PFlops, 0.183 short (less than a card)',
    'quota: smelter: may borrow 1.5 PFlops from group works',
    'quota: mill on old: 2 PFlops promised, 6 cards = 1.878 PFlops, 0.122 short (less than a card)',
    'dispatch: jobs are handed to c-one from now on',
    'dispatch: jobs are handed to c-two from now on',
    'dispatch: open: +c-one +c-two',
    'dispatch: smelter: +c-one',
    'dispatch: mill: +c-one',
  ]);
  const fewer = on(pair.replace('{ pflops: 0.7 }', '{ cluster: c-one, pflops: 0.5 }'), 'top');
  expect(told(top, fewer).en).toEqual([
    'quota: open on any pool: 0.7 → 0.5 PFlops promised, 0.5 PFlops of credits',
    'quota: open: 16 → 8 cards of its own on nvidia-a800-sxm',
    '! dispatch: open: −c-two',
  ]);
});

describe('a project that is not installed', () => {
  const [first] = one;
  if (!first) throw new Error('no stacks');
  const objects = every(one);
  const all = new Set(objects.map(kindOf));
  const bare = new Set([...all].filter((kind) => !kind.startsWith('kueue.x-k8s.io/')));
  const missing = (known: ReadonlySet<string>, spaces: string[], some = objects) =>
    missingProjects(first.view, some, known, new Set(spaces));
  const kueue = objects.filter(({ apiVersion }) => apiVersion.startsWith('kueue.'));
  const kinds = [...new Set(kueue.map(({ kind }) => kind))].join(', ');
  const account: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'greenflops-dispatch', namespace: 'kueue-system', labels: {} },
  };

  test('is one line, however many kinds it has', () => {
    expect(missing(all, ['kueue-system'])).toEqual([]);
    expect(missing(bare, ['kueue-system'])).toEqual([
      {
        zh: `集群 c-one 未安装 Kueue：无法建立 ${kueue.length} 个对象（${kinds}）；请先安装，见 docs/scheduling`,
        en: `Kueue is not installed on c-one: ${kueue.length} objects of the kinds ${kinds} cannot be made; install it first, see docs/scheduling`,
      },
    ]);
  });

  test('its namespace is of it, and is told alone where the kinds are there', () => {
    const [text, ...others] = missing(bare, [], [...objects, account]);
    expect(others).toEqual([]);
    expect(text?.en).toBe(
      `Kueue is not installed on c-one (nor is there its namespace kueue-system): ${kueue.length + 1} objects of the kinds ${kinds} cannot be made; install it first, see docs/scheduling`,
    );
    expect(missing(all, [], [account])[0]?.en).toMatch(
      /^Kueue's namespace kueue-system is not on c-one: 1 object cannot be made in it; .*clusters\[\]\.kueue\.namespace/,
    );
  });

  test('a kind of Kubernetes itself is no project’s', () => {
    const old = new Set(
      [...all].filter((kind) => kind !== 'policy/PodDisruptionBudget' && !kind.endsWith('/MutatingAdmissionPolicy')),
    );
    const [text] = missing(old, ['kueue-system']);
    expect(text?.en).toMatch(/^the API of c-one has no .*; upgrade Kubernetes or switch these kinds on first$/);
  });

  test('stops a deploy before it writes', () => {
    const observed = (texts: readonly Text[]) => [{ missing: texts } as Observed];
    expect(() => requireInstalled(observed([]))).not.toThrow();
    expect(() => requireInstalled(observed(missing(bare, ['kueue-system'])))).toThrow(
      /^Kueue is not installed on c-one: .*\nNothing was changed$/,
    );
  });
});

test('every kind of the province has a row, or a deploy would never take it away', () => {
  const kinds = new Set(every(declare(province)).map(kindOf));
  expect([...kinds].filter((kind) => kind !== '/Node' && !(kind in tellings))).toEqual([]);
});
