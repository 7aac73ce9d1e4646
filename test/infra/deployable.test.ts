import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PlanError } from '../../model/plan-error.ts';
import { formatFinding } from '../../model/finding.ts';
import { planFolder } from '../plan-folder.ts';
import { replaced, stacksOf } from './estates.ts';

const shipped = readFileSync('plan/estate.yaml', 'utf8');

/** What the stacks say of a changed estate, without the folder's name. */
function refusal(change: (estate: string) => string, language: 'zh' | 'en' = 'en'): string[] {
  try {
    stacksOf(change);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.findings.map((found) => formatFinding(found, language).replace(/^.*\/(?=estate\.yaml)/, ''));
  }
  return [];
}
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

test('the shipped estate can be deployed', () => expect(refusal((estate) => estate)).toEqual([]));

test.each([
  [
    'an image without digest',
    replaced(`@sha256:${'0'.repeat(64)}`, ':latest'),
    'telemetry: { image',
    'the image pinned by its digest',
    '用摘要固定镜像',
  ],
  [
    'a quota that holds no card',
    replaced('pflops: 8 }', 'pflops: 0.2 }'),
    'pool: py-910a, pflops',
    'less than one ascend-910a (0.256 PFlops dense FP16)',
    '不足一张 ascend-910a 卡',
  ],
  [
    "a tenant in the house's own namespace",
    replaced('namespaces: [uni-lab]', 'namespaces: [greenflops]'),
    'namespaces: [uni-lab]',
    'this namespace serves something else',
    '已有它用',
  ],
  [
    'a host name that a network policy cannot hold',
    replaced('http://127.0.0.1:19400/nc-a800/metrics', 'http://dcgm.example/metrics'),
    '19400/nc-a800',
    'write the IP address',
    '请写 IP 地址',
  ],
  [
    'a password in an address',
    replaced('http://127.0.0.1:19400/nc-a800/metrics', 'http://u:hunter2@127.0.0.1:19400/metrics'),
    '19400/nc-a800',
    'a user, a password or a token',
    '用户名、密码或令牌',
  ],
  [
    'a token in an address',
    replaced('http://127.0.0.1:19400/nc-a800/metrics', 'http://127.0.0.1:19400/metrics?access_token=x'),
    '19400/nc-a800',
    'a user, a password or a token',
    '用户名、密码或令牌',
  ],
])('%s is told with its place', (_, change, part, en, zh) => {
  const [found = '', ...more] = refusal(change);
  expect(more).toEqual([]);
  expect(found).toMatch(new RegExp(`^estate\\.yaml:${lineOf(shipped, part)}:\\d+: `));
  expect(found).toContain(en);
  expect(refusal(change, 'zh')[0]).toContain(zh);
});

test('a site has one exporter, where the estate says; two are refused', () => {
  const second = (fields: string) =>
    replaced(
      '\n\npools:',
      `\n  - { id: nc-b, site: nanchang, context: nc-b, ${fields}jurisdiction: jiangxi, data_classes: [general] }\n\npools:`,
    );
  const marked = replaced('context: nc-a,', 'context: nc-a, exporter: true,');
  expect(refusal((estate) => marked(second('')(estate)))).toEqual([]);
  const both = refusal((estate) => marked(second('exporter: true, ')(estate)));
  expect(both).toHaveLength(2);
  expect(both[0]).toContain('stands on one cluster, and nc-b says exporter: true too');
});

test('synth and render end with 2 and the place', () => {
  const { dir, remove } = planFolder(replaced('pflops: 8 }', 'pflops: 0.2 }')(shipped));
  try {
    for (const file of ['infra/main.ts', 'infra/render.ts']) {
      const { status, stderr, stdout } = spawnSync(process.execPath, [file, '--plan', dir], {
        encoding: 'utf8',
        env: { ...process.env, GREENFLOPS_LANG: 'zh' },
      });
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/estate\.yaml:\d+:\d+: tenants\[1\]\.quota\[0\]\.pflops 0\.2: 不合规定：不足一张/);
    }
  } finally {
    remove();
  }
});
