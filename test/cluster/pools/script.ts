import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { shown } from '../evidence.ts';
import type { Proving } from '../proving.ts';
import { clusterTools } from '../tools.ts';
import { EARLY, machines } from './nodes.ts';

interface Node {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly managedFields: readonly { readonly manager: string; readonly fieldsV1: object }[];
  };
  readonly spec: { readonly taints?: readonly { readonly key: string; readonly value?: string }[] };
}

async function nodes(stage: Proving): Promise<Map<string, Node>> {
  const { items } = JSON.parse(await stage.accepted(['get', 'nodes', '--show-managed-fields', '-o', 'json'])) as {
    items: readonly Node[];
  };
  return new Map(items.map((node) => [node.metadata.name, node]));
}

/** Runs the rendered script as an operator does; its exit code and all that it printed. */
async function run({ folder, plane }: Proving, ...args: string[]): Promise<{ code: number; said: string }> {
  const env = {
    HOME: folder,
    PATH: `${await clusterTools()}:${process.env['PATH']}`,
    KUBECONFIG: plane.kubeconfig,
    LC_ALL: 'C',
  };
  try {
    const { stdout, stderr } = await promisify(execFile)('sh', [join(folder, 'nodes/label-and-taint.sh'), ...args], {
      env,
    });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

/** What KWOK and the controllers write about a node is no concern of ours: labels and taints alone. */
const settings = (all: ReadonlyMap<string, Node>) =>
  [...all].map(([name, { metadata, spec }]) => [name, metadata.labels, spec.taints]);

const writes = (all: ReadonlyMap<string, Node>) =>
  [...all].map(([name, { metadata }]) => [
    name,
    metadata.managedFields.filter(({ manager }) => manager.startsWith('greenflops-')),
  ]);

export async function once(stage: Proving): Promise<void> {
  const before = await nodes(stage);
  const missing = await run(stage, '--dry-run=server');
  assert.equal(missing.code, 0, missing.said);
  assert.deepEqual(settings(await nodes(stage)), settings(before), 'a dry run writes nothing');
  const { code, said } = await run(stage);
  assert.equal(code, 0, said);
  const after = await nodes(stage);
  for (const [pool, { nodes: names }] of Object.entries(machines)) {
    for (const name of names) {
      const { metadata, spec } = after.get(name) ?? assert.fail(`no node ${name}`);
      assert.ok(
        spec.taints?.some(({ key, value }) => key === 'greenflops.io/pool' && value === pool),
        `${name} has no taint of ${pool}: ${JSON.stringify(spec.taints)}`,
      );
      if (metadata.labels['greenflops.io/pool'] === undefined) continue; // found by a label that was there
      assert.equal(metadata.labels['greenflops.io/pool'], pool);
      const own = metadata.managedFields.filter(({ manager }) => manager === `greenflops-${pool}`);
      assert.match(JSON.stringify(own), /"f:greenflops.io\/pool":\{\}/, `${name}: the label has an owner of its own`);
    }
  }
  const labelled = [...after.values()].filter(({ metadata }) => 'greenflops.io/pool' in metadata.labels);
  assert.equal(labelled.length, 6, 'the nodes that the estate names');
  assert.deepEqual(before.get(EARLY)?.spec.taints ?? [], [], `${EARLY} had joined without taints`);
  shown('Node', 'applied', 'the rendered script, with a field manager for each pool');
}

export async function twice(stage: Proving): Promise<void> {
  const before = await nodes(stage);
  const { code, said } = await run(stage);
  assert.equal(code, 0, said);
  const after = await nodes(stage);
  assert.deepEqual(settings(after), settings(before));
  assert.deepEqual(writes(after), writes(before), 'nobody of ours wrote again');
  shown('Node', 'unchanged', 'the script a second time');
}

export async function repaired(stage: Proving): Promise<void> {
  await stage.accepted(['taint', 'node', 'npu-0', 'greenflops.io/pool-']);
  await stage.accepted(['label', 'node', 'npu-0', 'greenflops.io/pool=p-rdma', '--overwrite']);
  const dry = await run(stage, '--dry-run=server');
  assert.match(dry.said, /npu-0 labeled/);
  await run(stage);
  const node = (await nodes(stage)).get('npu-0');
  assert.equal(node?.metadata.labels['greenflops.io/pool'], 'p-910b');
  assert.ok(node.spec.taints?.some(({ value }) => value === 'p-910b'));
  shown('Node', 'repaired', 'a label and a taint that somebody changed, by the script');
}

/** A node that is not there is said, the others are served, and the exit code tells. */
export async function absent(stage: Proving): Promise<void> {
  await stage.accepted(['delete', 'node', 'hami-0']);
  const { code, said } = await run(stage);
  assert.equal(code, 1, said);
  assert.match(said, /nodes "hami-0" not found/);
  assert.match(said, /node\/dra-0 /);
}
