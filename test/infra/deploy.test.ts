import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../infra/change/key.ts';
import type { Live } from '../../infra/change/live.ts';
import type { Observed } from '../../infra/change/observe.ts';
import { mistaken } from '../../infra/change/whose.ts';
import { endangered, workText, type Pod } from '../../infra/change/workloads.ts';
import { declaredStacks } from '../../infra/declared.ts';
import { leaveOut, present } from '../../infra/deploy/absent-nodes.ts';
import { flags } from '../../infra/deploy/flags.ts';
import { readOptions } from '../../infra/deploy/options.ts';
import { strangers } from '../../infra/deploy/other-way.ts';
import { verbs } from '../../infra/deploy/verbs.ts';
import { imports } from '../../infra/terraform/imports.ts';
import { stacksOf, synthesised } from './estates.ts';

const shipped = declaredStacks('plan');
const everything = ['nc-a', 'py-a'].flatMap((id) =>
  ['guardrails', 'pools', 'ledger', 'telemetry'].map((name) => `${id}-${name}`),
);

test('deploy and diff mean every stack, destroy every stack but the ledgers', () => {
  expect(verbs['deploy']?.(shipped)).toEqual([everything]);
  expect(verbs['diff']?.(shipped)).toEqual(everything.map((id) => [id]));
  expect(verbs['destroy']?.(shipped)).toEqual([everything.filter((id) => !id.endsWith('-ledger'))]);
});

const bin = mkdtempSync(join(tmpdir(), 'greenflops-bin-'));
afterAll(() => rmSync(bin, { recursive: true }));

/** The program as its user runs it, with a kubectl that writes down that it was asked and knows no context. */
function run(words: readonly string[], language = 'en') {
  const kubectl = join(bin, 'kubectl');
  writeFileSync(
    kubectl,
    `#!/bin/sh\necho asked >> ${bin}/asked\necho "error: context \\"$2\\" does not exist" >&2\nexit 1\n`,
  );
  chmodSync(kubectl, 0o755);
  return spawnSync(process.execPath, ['infra/deploy.ts', ...words], {
    encoding: 'utf8',
    env: { PATH: `${bin}:/usr/bin:/bin`, GREENFLOPS_LANG: language, TERRAFORM_BINARY_NAME: 'no-terraform' },
  });
}

test.each([
  ['en', 'there is no no-terraform on the PATH'],
  ['zh', 'PATH 中没有 no-terraform'],
])('without Terraform it says so and what goes without it (%s)', (language, words) => {
  const { status, stderr } = run(['deploy'], language);
  expect(status).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr).toContain('npm run render');
});

test.each(['en', 'zh'])('--help lists verbs, flags and examples, and runs nothing (%s)', (language) => {
  const { status, stdout } = run(['destroy', '-h'], language);
  expect(status).toBe(0);
  for (const word of [...Object.keys(flags), 'deploy', 'diff', 'destroy', 'npm run deploy -- nc-a-pools'])
    expect(stdout).toContain(word);
});

test.each(['en', 'zh'])(
  'a cluster that cannot be asked is told with its place, and the others all the same (%s)',
  (language) => {
    const { status, stderr } = run(['diff'], language);
    expect(status).toBe(1);
    for (const id of ['nc-a', 'py-a'])
      expect(stderr).toMatch(
        new RegExp(`plan/estate\\.yaml:\\d+:\\d+.* ${id}[ （].*error: context "${id}" does not exist`),
      );
    expect(stderr).toContain('kubectl config get-contexts');
  },
);

describe('the command line', () => {
  test('our flags are read, cdktf gets its own with their values, the rest are stacks', () => {
    const words = ['nc-a-*', '--plan=p', '--drain', '--drain-timeout', '9', '--parallelism', '2', '--var', 'a=b', 'x'];
    expect(readOptions('deploy', words)).toMatchObject({
      plan: 'p',
      drain: true,
      drainTimeout: 9,
      stacks: ['nc-a-*', 'x'],
      cdktf: ['--parallelism', '2', '--var', 'a=b'],
    });
  });

  test.each([
    ['destroy', ['--kubectl', '--auto-approve', '--legder', 'nanchang'], 'did you mean --ledger? Nothing was done'],
    ['deploy', ['--kubectll'], 'did you mean --kubectl?'],
    ['deploy', ['--ledger', 'nanchang'], 'it is destroy’s'],
    ['diff', ['--nonsense'], 'diff has no flag --nonsense. Nothing was done'],
    ['deploy', ['-y'], 'deploy has no flag -y.'],
    ['destroy', ['--ledger'], '--ledger wants SITE after it (what came was nothing)'],
    ['destroy', ['--ledger', '--auto-approve'], '--ledger wants SITE after it (what came was --auto-approve)'],
    ['destroy', ['--drain-timeout', 'soon'], '--drain-timeout wants SECONDS after it (what came was soon)'],
    ['deploy', ['--drain=no'], '--drain takes no value (what came was no)'],
    ['deploy', ['--kubectl', '--parallelism', '2'], '--kubectl goes without cdktf'],
  ])('%s %j is refused in words', (verb, words, told) => expect(() => readOptions(verb, words)).toThrow(told));

  test('a typo asks no cluster anything', () => {
    rmSync(join(bin, 'asked'), { force: true });
    const { status, stderr } = run(['destroy', '--kubectl', '--auto-approve', '--legder', 'nanchang'], 'zh');
    expect(status).toBe(1);
    expect(stderr).toContain('destroy 没有选项 --legder，是不是 --ledger？未作任何改动。');
    expect(spawnSync('test', ['-e', join(bin, 'asked')]).status).toBe(1);
  });
});

const nc = shipped.find(({ cluster }) => cluster.id === 'nc-a');
const view = nc?.view;

describe('whose cluster a context leads to', () => {
  const record = (cluster: string) => ({ cluster, site: 's' }) as NonNullable<Observed['record']>;
  const told = (twin: string | undefined, before: string | undefined, moved_from?: string) => {
    if (!view) throw new Error('nc-a is shipped');
    const cluster = { ...view.cluster, ...(moved_from !== undefined && { moved_from }) };
    return mistaken(
      { ...view, cluster },
      { uid: 'u', record: before === undefined ? undefined : record(before) },
      twin,
    ).map(({ what, todo }) => `${what.en} | ${todo.en}`);
  };
  test('its own, a new one and one that was renamed are right', () => {
    expect(told(undefined, undefined)).toEqual([]);
    expect(told(undefined, 'nc-a')).toEqual([]);
    expect(told(undefined, 'nc-old', 'nc-old')).toEqual([]);
  });
  test('that of another declared cluster is not, and no rename either', () => {
    const [twin, other] = told('py-a', 'py-a');
    expect(twin).toMatch(/leads to the same cluster as that of py-a \(uid u of kube-system\)/);
    expect(other).toMatch(/deployed here last is cluster py-a/);
    expect(other).not.toContain('moved_from');
  });
  test('one that nothing declares any more may have been renamed', () =>
    expect(told(undefined, 'nc-old')[0]).toMatch(/if it was renamed, write moved_from: nc-old$/));
});

test('what stands by the other way is told, unless this one has written beside it', () => {
  const by = (...managers: readonly string[]) =>
    ({
      metadata: { name: managers.join(), managedFields: managers.map((manager) => ({ manager })) },
    }) as unknown as Live;
  const [ours, terraform, both] = [by('greenflops'), by('HashiCorp'), by('greenflops', 'Terraform')];
  expect(strangers([ours], false)).toEqual([ours]);
  expect(strangers([terraform], true)).toEqual([terraform]);
  expect(strangers([ours, both], false)).toEqual([]);
  expect(strangers([terraform, both], true)).toEqual([]);
  expect(strangers([ours], true)).toEqual([]);
  expect(strangers([by('kubectl-edit')], false)).toEqual([]);
});

test('a ledger is imported under the addresses that its stack has', () => {
  const stack = shipped.find(({ id }) => id === 'nc-a-ledger');
  if (!stack) throw new Error('nc-a-ledger is shipped');
  const { resource } = JSON.parse(synthesised(shipped).get(stack.id) ?? '{}') as {
    resource: Readonly<Record<string, object>>;
  };
  const addresses = Object.entries(resource).flatMap(([type, made]) => Object.keys(made).map((id) => `${type}.${id}`));
  expect(
    imports(stack)
      .map(({ address }) => address)
      .toSorted(),
  ).toEqual(addresses.toSorted());
  expect(imports(stack).map(({ id }) => id)).toContain('greenflops/greenflops-ledger');
});

const ascend = (id: string, accelerator: string, node: string) =>
  `  - { id: ${id}, cluster: nc-a, accelerator: ${accelerator}, count: 8, nodes: { names: [${node}] } }\n`;
const named = stacksOf((estate) =>
  estate.replace(
    '\npools:\n',
    `\npools:\n${ascend('nc-b3', 'ascend-910b3', 'npu-1')}${ascend('nc-b4', 'ascend-910b4', 'npu-2')}`,
  ),
);

test('labels of nodes that have not joined are left out of a run, those of others are not', () => {
  const labels = (of: typeof named) =>
    of.flatMap(({ objects }) => objects.filter(({ kind }) => kind === 'Node').map(keyOf));
  expect(labels(named)).toEqual(['/Node /npu-1', '/Node /npu-2']);
  expect(labels(present(named, leaveOut(['nc-a/npu-2', 'py-a/npu-1'])))).toEqual(['/Node /npu-1']);
  expect(present(named, leaveOut([]))).toEqual(named);
});

test('chips are valued by the pool on whose node they are; one pod is no plural', () => {
  const of = named.find(({ cluster }) => cluster.id === 'nc-a')?.view;
  if (!of) throw new Error('nc-a is shipped');
  const pod = (nodeName: string) =>
    ({
      metadata: { name: `on-${nodeName}`, namespace: nodeName },
      spec: { nodeName, containers: [{ resources: { requests: { 'huawei.com/Ascend910': '8' } } }] },
    }) as unknown as Pod;
  const nodes = new Map(['npu-1', 'npu-2'].map((name) => [name, { metadata: { name } }]));
  const { en } = workText([pod('npu-1'), pod('npu-2')], { view: of, record: undefined, nodes } as unknown as Observed);
  expect(en.split('\n')).toEqual([
    '  npu-1: 1 pod (on-npu-1), 8 × huawei.com/Ascend910 = 2.504 PFlops',
    '  npu-2: 1 pod (on-npu-2), 8 × huawei.com/Ascend910 = 2.24 PFlops',
  ]);
});

test('a pool is in use by what containers, sidecars and claims hold on its nodes', () => {
  const of = named.find(({ cluster }) => cluster.id === 'nc-a')?.view;
  if (!of) throw new Error('nc-a is shipped');
  const chips = [{ resources: { requests: { 'huawei.com/Ascend910': '1' } }, restartPolicy: 'Always' }];
  const pod = (name: string, spec: object) =>
    ({ metadata: { name, namespace: 'lab' }, spec: { nodeName: 'npu-1', containers: [], ...spec } }) as unknown as Pod;
  const pods = [
    pod('container', { containers: chips }),
    pod('sidecar', { initContainers: chips }),
    pod('claim', { resourceClaims: [{ name: 'card' }] }),
    pod('elsewhere', { nodeName: 'npu-2', containers: chips }),
    pod('idle', {}),
  ];
  const nodes = new Map(['npu-1', 'npu-2'].map((name) => [name, { metadata: { name } }]));
  const pools = of.pools.filter(({ id }) => id === 'nc-b3');
  const hurt = endangered(pods, { view: of, nodes } as unknown as Observed, { namespaces: [], pools });
  expect(hurt.map(({ metadata }) => metadata.name)).toEqual(['container', 'sidecar', 'claim']);
});
