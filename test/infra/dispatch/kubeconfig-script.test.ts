import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DISPATCH_FILE, dispatchFiles } from '../../../infra/dispatch/kubeconfig-script.ts';
import { replaced } from '../estates.ts';
import { stacksOf } from './province.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenflops-dispatch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Stands for kubectl: answers what the script asks of workers, and hands on what goes through pipes as kubectl does. What
 * it is called with it writes down; what is applied, too.
 */
const KUBECTL = `#!/bin/sh
echo "$*" >> "$FAKE/calls"
case "$*" in
  *nc-b*token*) [ -z "\${NO_ACCOUNT:-}" ] || exit 1; printf '2027-01-01T00:00:00Z token-of-nc-b' ;;
  *token\\ greenflops-dispatch*) printf '2027-01-01T00:00:00Z token-of-nc-a' ;;
  *cluster.server*) printf 'https://api.example:6443' ;;
  *certificate-authority-data*) printf 'Q0E=' ;;
  *create\\ secret*) cat ;;
  *annotate*) cat ;;
  *apply*) cat >> "$FAKE/applied"; echo >> "$FAKE/applied" ;;
esac
`;

const script = (() => {
  const view = stacksOf(
    replaced(
      'data_classes: [general], kueue: { enabled: true }',
      'data_classes: [general], kueue: { enabled: true, kubeconfig: { secret: b-access } }',
    ),
  ).find(({ id }) => id === 'jx-m-dispatch')?.view;
  const [file] = view ? dispatchFiles(view) : [];
  if (!file) throw new Error('a manager has the script');
  writeFileSync(join(folder, file.name), file.text);
  writeFileSync(join(folder, 'kubectl'), KUBECTL);
  chmodSync(join(folder, 'kubectl'), 0o755);
  return { ...file, path: join(folder, file.name) };
})();

function run(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  for (const name of ['calls', 'applied']) rmSync(join(folder, name), { force: true });
  const PATH = `${folder}${delimiter}${process.env['PATH']}`;
  const { status, stdout, stderr } = spawnSync('sh', [script.path, ...args], {
    env: { ...process.env, PATH, FAKE: folder, ...env },
    encoding: 'utf8',
  });
  const lines = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trim().split('\n') : [];
  return { status, stdout, stderr, calls: lines('calls'), applied: lines('applied') };
}

describe("the script that brings a manager its workers' kubeconfigs", () => {
  test('stands on managers alone, under a name that render knows again', () => {
    const views = stacksOf().map(({ view }) => view);
    const having = new Set(views.filter((view) => dispatchFiles(view).length > 0).map(({ cluster }) => cluster.id));
    expect([...having]).toEqual(['jx-m']);
    expect(script.name).toMatch(DISPATCH_FILE);
  });

  test('puts a kubeconfig with the CA in it and a bounded token into the Secret of each worker', () => {
    const { status, stdout, calls, applied } = run();
    expect(status).toBe(0);
    expect(applied.map((text) => JSON.parse(text) as unknown)).toEqual(
      ['nc-a', 'nc-b'].map((worker) => ({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'worker',
        clusters: [
          { name: 'worker', cluster: { server: 'https://api.example:6443', 'certificate-authority-data': 'Q0E=' } },
        ],
        users: [{ name: 'worker', user: { token: `token-of-${worker}` } }],
        contexts: [{ name: 'worker', context: { cluster: 'worker', user: 'worker' } }],
      })),
    );
    expect(calls).toContain(
      '--context nc-a --namespace kueue-system create token greenflops-dispatch --duration 720h -o jsonpath={.status.expirationTimestamp} {.status.token}',
    );
    for (const secret of ['nc-a-kubeconfig', 'b-access'])
      expect(calls).toContain(
        `--context jx-m --namespace kueue-system create secret generic ${secret} --from-file=kubeconfig=/dev/stdin --dry-run=client -o yaml`,
      );
    expect(calls.filter((call) => call.includes('greenflops.io/token-expires=2027-01-01T00:00:00Z'))).toHaveLength(2);
    expect(stdout).toContain(
      'nc-b: 令牌有效至 2027-01-01T00:00:00Z，此前请再运行 / the token ends at 2027-01-01T00:00:00Z',
    );
  });

  test('shows a token to nobody: none in the arguments of a program, in what it says, or in a file', () => {
    const { calls, stdout, stderr } = run();
    expect([...calls, stdout, stderr].join('\n')).not.toContain('token-of-');
    expect(script.text).not.toMatch(/>\s*["']?\$?[A-Za-z/]/); // no file is written
  });

  test('takes one worker, another address and another duration', () => {
    const { status, calls, applied } = run(['nc-b', 'https://10.0.0.9:6443'], { TOKEN_DURATION: '24h' });
    expect(status).toBe(0);
    expect(applied).toHaveLength(1);
    expect(applied[0]).toContain('"server":"https://10.0.0.9:6443"');
    expect(calls.some((call) => call.includes('--duration 24h'))).toBe(true);
    expect(calls.some((call) => call.includes('--context nc-a'))).toBe(false);
  });

  test('goes on past a worker that gives no token, and ends with 1', () => {
    const { status, stderr, applied } = run([], { NO_ACCOUNT: '1' });
    expect(status).toBe(1);
    expect(applied).toHaveLength(1);
    expect(stderr).toContain('nc-b: 没有取得令牌：先部署 nc-b-dispatch / no token: deploy nc-b-dispatch first');
  });

  test('says so where it knows no such worker', () => {
    const { status, stderr } = run(['nc-z']);
    expect(status).toBe(1);
    expect(stderr).toContain('nc-z: 不是本管理集群以 Secret 访问的工作集群 / no worker');
  });

  test('is a POSIX shell script, and leaves workers with a file of their own to whoever mounts it', () => {
    execFileSync('sh', ['-n', script.path]);
    const view = stacksOf(
      replaced(
        'data_classes: [general], kueue: { enabled: true }',
        'data_classes: [general], kueue: { enabled: true, kubeconfig: { file: /etc/multikueue/kubeconfigs/nc-b } }',
      ),
    ).find(({ id }) => id === 'jx-m-dispatch')?.view;
    const text = view ? dispatchFiles(view)[0]?.text : '';
    expect(text).toContain('# nc-b: Kueue 从文件 /etc/multikueue/kubeconfigs/nc-b 读取');
    expect(text).not.toContain("bring 'nc-b'");
  });
});
