import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { declaredStacks, type DeclaredStack } from '../../infra/declared.ts';
import { nodeFiles } from '../../infra/pools/node-files.ts';
import { removeUndeclared, writeNodeFiles, writeYaml } from '../../infra/yaml.ts';
import { loadPlan } from '../../model/load.ts';
import { planFolder } from '../plan-folder.ts';

const { dir, remove } = planFolder(readFileSync('test/cluster/proving/estate.yaml', 'utf8'));
const out = mkdtempSync(join(tmpdir(), 'greenflops-nodes-'));
afterAll(() => {
  remove();
  rmSync(out, { recursive: true, force: true });
});
const { estate } = loadPlan(dir);
const nodes = join(out, 'prove', 'nodes');

test('no Node is among the files that are applied: kubectl would make it', () => {
  const { paths } = writeYaml(declaredStacks(dir), out);
  const kinds = paths.flatMap((path) =>
    parseAllDocuments(readFileSync(path, 'utf8')).map((one) => (one.toJS() as { kind: string }).kind),
  );
  expect(kinds).toContain('RuntimeClass');
  expect(kinds).not.toContain('Node');
  const applied = readdirSync(join(out, 'prove')).filter((name) => name.endsWith('.yaml'));
  expect(applied).toHaveLength(5);
});

test('a kubelet fragment for each pool with taints: its own and the declared ones', () => {
  const paths = writeNodeFiles(estate, out);
  expect(paths).toContain(join(nodes, '90-greenflops-p-910b.conf'));
  expect(parse(readFileSync(join(nodes, '90-greenflops-p-910b.conf'), 'utf8'))).toEqual({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    registerWithTaints: [
      { key: 'greenflops.io/pool', value: 'p-910b', effect: 'NoSchedule' },
      { key: 'huawei.com/npu', value: '', effect: 'NoSchedule' },
    ],
  });
});

test('what was written for a cluster that is no longer declared goes, and what is not ours stays', () => {
  const declared = declaredStacks(dir);
  const other = join(out, 'other');
  const lost = (stack: string): DeclaredStack[] =>
    declared.map((one) => ({ ...one, id: `other-${stack}`, cluster: { ...one.cluster, id: 'other' } }));
  writeYaml(lost('pools').slice(1, 2), out);
  mkdirSync(join(other, 'nodes'));
  writeFileSync(join(other, 'nodes', '90-greenflops-gone.conf'), '');
  expect(removeUndeclared([...declared, ...lost('pools')], out)).toEqual([]);
  writeFileSync(join(other, '10-mine.yaml'), '# mine\n');
  mkdirSync(join(out, 'mine'));
  writeFileSync(join(out, 'mine', '20-pools.yaml'), '# somebody-pools\n');
  expect(removeUndeclared(declared, out)).toEqual([other]);
  expect(readdirSync(other)).toEqual(['10-mine.yaml']);
  expect(existsSync(join(out, 'mine', '20-pools.yaml'))).toBe(true);
  rmSync(join(other, '10-mine.yaml'));
  writeYaml(lost('pools').slice(1, 2), out);
  removeUndeclared(declared, out);
  expect(existsSync(other)).toBe(false);
  expect(removeUndeclared(declared, join(out, 'none'))).toEqual([]);
});

test('what an earlier declaration left there goes, and what is not ours stays', () => {
  mkdirSync(nodes, { recursive: true });
  writeFileSync(join(nodes, '90-greenflops-gone.conf'), '');
  writeFileSync(join(nodes, '10-mine.conf'), '');
  writeNodeFiles(estate, out);
  expect(existsSync(join(nodes, '90-greenflops-gone.conf'))).toBe(false);
  expect(existsSync(join(nodes, '10-mine.conf'))).toBe(true);
  writeNodeFiles({ ...estate, pools: [] }, out);
  expect(readdirSync(nodes)).toEqual(['10-mine.conf']);
});

/** Runs the script with a kubectl that prints its arguments, one call a line, and fails for the node `fail`. */
function ran(text: string, args: readonly string[], fail = '-'): { status: number | null; calls: string[][] } {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-kubectl-'));
  try {
    const kubectl = join(folder, 'kubectl');
    writeFileSync(
      kubectl,
      `#!/bin/sh\nfor word; do printf '%s\\037' "$word"; done\necho\nfor word; do [ "$word" != '${fail}' ] || exit 1; done\n`,
    );
    chmodSync(kubectl, 0o755);
    const script = join(folder, 'script.sh');
    writeFileSync(script, text);
    execFileSync('sh', ['-n', script]);
    const { status, stdout } = spawnSync('sh', [script, ...args], { env: { PATH: `${folder}:/usr/bin:/bin` } });
    const lines = stdout.toString().trimEnd().split('\n');
    return { status, calls: lines.map((line) => line.split('\x1f').slice(0, -1)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const script = (): string =>
  nodeFiles('prove', estate.pools).find(({ name }) => name.endsWith('.sh'))?.text ?? expect.fail('a script');

test('the script labels named nodes and taints all, each pool by a manager of its own, and hands its arguments on', () => {
  const { status, calls } = ran(script(), ['--dry-run=server']);
  expect(status).toBe(0);
  const end = ['--overwrite', '--field-manager=greenflops-p-910b', '--dry-run=server'];
  expect(calls.slice(0, 3)).toEqual([
    [
      '--context',
      'prove',
      'taint',
      'node',
      '-l',
      'accelerator=nvidia-a800',
      'greenflops.io/pool=p-a800:NoSchedule',
      '--overwrite',
      '--field-manager=greenflops-p-a800',
      '--dry-run=server',
    ],
    ['--context', 'prove', 'label', 'node', 'npu-0', 'npu-1', 'greenflops.io/pool=p-910b', ...end],
    [
      '--context',
      'prove',
      'taint',
      'node',
      'npu-0',
      'npu-1',
      'greenflops.io/pool=p-910b:NoSchedule',
      'huawei.com/npu:NoSchedule',
      ...end,
    ],
  ]);
});

test('it goes on behind a node that is not there, and its exit code tells', () => {
  const { status, calls } = ran(script(), [], 'npu-0');
  expect(status).toBe(1);
  expect(calls).toHaveLength(ran(script(), []).calls.length);
});

test('no value of the estate becomes a command', () => {
  const [pool] = estate.pools;
  if (!pool) throw new Error('a pool');
  const owned = join(out, 'owned');
  const evil = `x'; touch ${owned}; echo '$(touch ${owned})`;
  const name = { zh: `第一行\ntouch ${owned} #`, en: `one\ntouch ${owned} #` };
  const files = nodeFiles(evil, [{ ...pool, name, nodes: { selector: { [evil]: evil } } }]);
  const { status, calls } = ran(files.at(-1)?.text ?? '', []);
  expect(status).toBe(0);
  expect(existsSync(owned)).toBe(false);
  expect(calls).toEqual([
    [
      '--context',
      evil,
      'taint',
      'node',
      '-l',
      `${evil}=${evil}`,
      'greenflops.io/pool=p-a800:NoSchedule',
      '--overwrite',
      '--field-manager=greenflops-p-a800',
    ],
  ]);
});
