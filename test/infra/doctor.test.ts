import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ask, conclude, tally, type Checkup, type Outcome } from '../../model/checkup.ts';
import { loadPlan } from '../../model/load.ts';
import { placeIn, Reader, type Here, type There } from '../../infra/doctor/context.ts';
import { here as checksOfThisMachine } from '../../infra/doctor/here/index.ts';
import { image } from '../../infra/doctor/here/image.ts';
import { lock } from '../../infra/doctor/here/lock.ts';
import { provider } from '../../infra/doctor/here/provider.ts';
import { state } from '../../infra/doctor/here/state.ts';
import { terraform } from '../../infra/doctor/here/terraform.ts';
import { apiServer } from '../../infra/doctor/there/api-server.ts';
import { chips } from '../../infra/doctor/there/chips.ts';
import { clock } from '../../infra/doctor/there/clock.ts';
import { cni } from '../../infra/doctor/there/cni.ts';
import { nodeMarks } from '../../infra/doctor/there/node-marks.ts';
import { quotas } from '../../infra/doctor/there/quotas.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenflops-doctor-'));
const PATH = process.env['PATH'] ?? '';
beforeEach(() => vi.stubEnv('PATH', `${folder}${delimiter}${PATH}`));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that stands for another one: a shell script of that name, first on the PATH. */
function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

const plan = loadPlan('plan');
const at = (changes: Partial<Here> = {}): Here => ({
  plan,
  environment: { PATH: folder },
  outdir: join(folder, 'cdktf.out'),
  where: placeIn('plan'),
  reachesRegistry: async () => false,
  ...changes,
});
const withState = (declared: Here['plan']['estate']['state']) =>
  at({ plan: { ...plan, estate: { ...plan.estate, state: declared } }, environment: { PATH: folder, HOME: folder } });

const english = (outcome: Outcome): string =>
  outcome.ok?.en ??
  outcome.troubles?.map(({ where, what, todo }) => `${where ?? ''}|${what.en}|${todo.en}`).join('\n') ??
  ('unknown' in outcome ? `?${outcome.unknown.en}` : '');

describe('this machine', () => {
  test('Terraform: absent, too old, new enough, OpenTofu', () => {
    const run = (environment: NodeJS.ProcessEnv = {}) =>
      english(terraform.run(at({ environment: { PATH: folder, ...environment } })) as Outcome);
    expect(run({ TERRAFORM_BINARY_NAME: 'tofu' })).toMatch(
      /^\|there is no tofu on the PATH \(.*ENOENT\)\|install Terraform 1\.11/,
    );
    program('terraform', `echo '{"terraform_version": "1.9.8"}'`);
    expect(run()).toMatch(/^\|terraform 1\.9\.8 is too old; 1\.11 or newer is needed\|/);
    program('terraform', `echo '{"terraform_version": "1.11.0"}'`);
    expect(run()).toBe('terraform 1.11.0');
    program('tofu', `echo '{"terraform_version": "1.10.1"}'`);
    expect(run({ TERRAFORM_BINARY_NAME: 'tofu' })).toBe('tofu 1.10.1');
  });

  test("a provider that terraform init does not find is told with Terraform's error alone, and how to make a mirror", () => {
    program(
      'terraform',
      `[ "$1" = init ] && { printf '╷\\n│ Error: Failed to query\\n│ \\n│ no such host\\n│ \\n│ To see which modules are\\n│ terraform providers\\n╵\\n' >&2; exit 1; }\nexit 0`,
    );
    expect(english(provider.run(at()) as Outcome)).toMatch(
      /^\|Terraform does not find provider hashicorp\/kubernetes 2\.38\.0: Error: Failed to query no such host\|Without a network: .*providers mirror DIR/,
    );
    program('terraform', 'exit 0');
    expect(english(provider.run(at()) as Outcome)).toBe('terraform init finds hashicorp/kubernetes 2.38.0');
  });

  test('the lock trap is one without network, flag and lock files', async () => {
    expect(english(await lock.run(at()))).toMatch(/--skip-provider-lock/);
    expect(english(await lock.run(at({ reachesRegistry: async () => true })))).toBe('registry.terraform.io answers');
    expect(english(await lock.run(at({ environment: { TF_CLI_ARGS_providers_lock: '-fs-mirror=/m' } })))).toBe(
      'TF_CLI_ARGS_providers_lock is set',
    );
    const stacks = join(folder, 'cdktf.out', 'stacks');
    for (const name of ['a', 'b']) mkdirSync(join(stacks, name), { recursive: true });
    writeFileSync(join(stacks, 'a', '.terraform.lock.hcl'), '');
    expect(english(await lock.run(at()))).toMatch(/--skip-provider-lock/);
    writeFileSync(join(stacks, 'b', '.terraform.lock.hcl'), '');
    expect(english(await lock.run(at()))).toBe('each stack has its lock file');
  });

  test("credentials of each backend's own kind", () => {
    const run = (declared: Parameters<typeof withState>[0], environment: NodeJS.ProcessEnv = {}) => {
      const here = withState(declared);
      return english(state.run({ ...here, environment: { ...here.environment, ...environment } }) as Outcome);
    };
    expect(run({ backend: 'local' })).toBe('local, in .');
    expect(run({ backend: 'local', folder: join(folder, 'none') })).toMatch(
      /the folder of the state is not there\|mkdir -p /,
    );
    const s3 = { backend: 's3', bucket: 'b', region: 'r', prefix: '', lock: true } as const;
    expect(run(s3, { AWS_ACCESS_KEY_ID: 'a' })).toMatch(
      /kept in s3 b, and AWS_SECRET_ACCESS_KEY is not set\|export AWS_SECRET_ACCESS_KEY=…/,
    );
    expect(run(s3, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' })).toBe(
      's3 b, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
    expect(run({ backend: 'pg', schema_prefix: 'g_' })).toMatch(/PG_CONN_STR is not set/);
    expect(run({ backend: 'http', url: 'https://state.example/' })).toMatch(
      /^\?.*only https:\/\/state\.example\/ knows/,
    );
    expect(run({ backend: 'http', url: 'https://state.example/' }, { TF_HTTP_USERNAME: 'a' })).toMatch(
      /TF_HTTP_PASSWORD is not set/,
    );
  });

  test('what only Terraform needs is not asked where all goes by kubectl', async () => {
    const said = async (kubectl: boolean) => {
      const here = withState({ backend: 'pg', schema_prefix: 'g_' });
      return Promise.all(checksOfThisMachine(kubectl).map(async ({ run }) => english(await run(here))));
    };
    program('terraform', 'exit 1');
    expect((await said(true)).slice(0, -1)).toEqual(Array<string>(5).fill('not needed for --kubectl'));
    expect((await said(false)).join()).not.toContain('not needed');
    expect((await said(true)).at(-1)).toBe((await said(false)).at(-1));
  });

  test('a digest of zeros is a placeholder', () => {
    const run = (name: string) =>
      english(
        image.run(
          at({
            plan: {
              ...plan,
              estate: { ...plan.estate, telemetry: { image: name, ledger: { storage: '1Gi' }, tls: false } },
            },
          }),
        ) as Outcome,
      );
    expect(run(`r.example/g@sha256:${'0'.repeat(64)}`)).toMatch(/^plan\/estate\.yaml:\d+:\d+\|the digest is all zeros/);
    expect(run(`r.example/g@sha256:${'1'.repeat(64)}`)).toMatch(/^r\.example/);
  });
});

describe('a cluster, as a kubectl tells of it that stands for the real one', () => {
  const cluster = (now = Date.now()): There => {
    const [declared] = plan.estate.clusters;
    const view = { plan, cluster: declared } as There['view'];
    const reader = new Reader(declared?.context ?? '');
    return { ...at(), view, objects: [], reader, estate: [], now: () => now, seen: new Map() };
  };

  test('a server that is too old for admission policies', async () => {
    program('kubectl', `case "$*" in *get-contexts*) echo nc-a;; *) echo '{"gitVersion": "v1.29.4"}';; esac`);
    expect(english(await apiServer.run(cluster()))).toMatch(
      /\|Kubernetes v1\.29\.4 is too old: the admission policies need 1\.30 or newer\|/,
    );
    program('kubectl', `case "$*" in *get-contexts*) echo nc-a;; *) echo '{"gitVersion": "v1.30.0"}';; esac`);
    expect(english(await apiServer.run(cluster()))).toBe('v1.30.0');
  });

  test('clocks that differ', async () => {
    program('kubectl', `echo '{"metadata": {"creationTimestamp": "2026-11-30T12:00:00Z"}}'`);
    const server = Date.parse('2026-11-30T12:00:00Z');
    expect(english(await clock.run(cluster(server)))).toBe('within 10 s of the API server');
    expect(english(await clock.run(cluster(server + 60_000)))).toMatch(
      /^\|the API server's clock is 60 s behind this machine's\|/,
    );
    expect(english(await clock.run(cluster(server - 60_000)))).toMatch(
      /^\|the API server's clock is 61 s ahead of this machine's\|/,
    );
  });

  test('of pools without a node nothing is ticked', async () => {
    program('kubectl', `echo '{"items": []}'`);
    const there = cluster();
    const view = { ...there.view, pools: plan.estate.pools.filter((pool) => pool.cluster === 'nc-a') };
    expect(view.pools.length).toBeGreaterThan(0);
    for (const { run } of [chips, nodeMarks, quotas])
      expect(english(await run({ ...there, view }))).toBe(
        `?no node of ${view.pools.map(({ id }) => id).join(', ')} is there yet`,
      );
  });

  test('quotas beyond what nodes offer; hundredths of a card, CPU and memory are not counted as cards', async () => {
    const node = { metadata: { name: 'n1' }, spec: {}, status: { allocatable: { 'nvidia.com/gpu': '56', cpu: '8' } } };
    program(
      'kubectl',
      `case "$*" in *resourcequotas*) echo '{"items": []}';; *) echo '${JSON.stringify({ items: [node] })}';; esac`,
    );
    const there = cluster();
    const [pool] = plan.estate.pools;
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'accelerators', namespace: 'uni-lab', labels: {} },
      spec: { hard: { 'requests.nvidia.com/gpu': '91', 'requests.cpu': '9' } },
    } as const;
    const said = async (by: 'whole' | 'hami') => {
      const pools = pool ? [{ ...pool, nodes: { names: ['n1'] }, sharing: { by } }] : [];
      return english(await quotas.run({ ...there, objects: [quota], view: { ...there.view, pools } }));
    };
    expect(await said('whole')).toMatch(
      /nvidia\.com\/gpu\|the tenants' quotas come to 91, and nodes offer 56: [^\n]*$/,
    );
    expect(await said('hami')).toBe('?not deployed yet; 1 quota within what nodes offer');
    // Kueue caps the sum of a tenant's namespaces: each may hold all of it.
    const pools = pool ? [{ ...pool, nodes: { names: ['n1'] } }] : [];
    const queued = async (hard: string) => {
      const both = ['uni-lab', 'uni-serve'].map((namespace) => ({
        ...quota,
        metadata: { ...quota.metadata, namespace },
        spec: { hard: { 'requests.nvidia.com/gpu': hard } },
      }));
      const { cluster: declared } = there.view;
      const view = { ...there.view, pools, cluster: { ...declared, kueue: { ...declared.kueue, enabled: true } } };
      return english(await quotas.run({ ...there, objects: both, view }));
    };
    expect(await queued('56')).toBe('?not deployed yet; 2 quotas within what nodes offer');
    expect(await queued('57')).toMatch(/the tenants' quotas go up to 57, and nodes offer 56: [^\n]*$/);
  });

  test('a network that nobody knows cannot be told', async () => {
    program('kubectl', `echo '{"items": [{"metadata": {"name": "house-net", "namespace": "kube-system"}}]}'`);
    expect(english(await cni.run(cluster()))).toMatch(/^\?no DaemonSet of a network that is known here/);
  });
});

describe('the report', () => {
  test('a line for each check, what a check throws is unknown, and nothing is asked behind a shut door', async () => {
    vi.stubEnv('GREENFLOPS_LANG', 'zh');
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(stripVTControlCharacters(line)));
    const check = (name: string, run: Checkup<null>['run'], decisive = false): Checkup<null> => ({
      name: { zh: name, en: name },
      run,
      decisive,
    });
    const broken = (): Outcome => {
      throw new Error('no answer');
    };
    const trouble = { where: 'a.yaml:1:1', what: { zh: '错了', en: 'wrong' }, todo: { zh: '改', en: 'mend' } };
    const count = tally();
    const ok = { zh: '好', en: 'good' };
    await ask(
      '题',
      [
        check('一', () => ({ ok })),
        check('二 b', broken),
        check('门', () => ({ troubles: [trouble] }), true),
        check('后', () => ({ ok })),
      ],
      null,
      count,
    );
    expect(conclude(count)).toBe(3);
    vi.mocked(console.log).mockRestore();
    expect(lines).toEqual([
      '题',
      '  ✓ 一    好',
      '  ? 二 b  无法判断：no answer',
      '  ✗ 门',
      '      a.yaml:1:1: 错了',
      '      → 改',
      '  ? 其余 1 项无法判断，要先解决上面的问题',
      '',
      '1 个问题，2 项无法判断，1 项正常',
    ]);
    expect(count).toEqual({ ok: 1, troubles: 1, unknown: 2 });
  });
});
