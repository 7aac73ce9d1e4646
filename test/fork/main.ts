// npm run test:fork: the stacks with cdktf's live fork (cdktn) in its place have to come out the same, byte for byte of meaning.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check } from '../tally.ts';
import { tally } from '../tally.ts';
import { moveHouse, root, synth, typecheck } from './house.ts';
import { installFork } from './install.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenflops-fork-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const modules = await installFork();
const fork = join(folder, 'house');
moveHouse(fork, modules);

const proving = join(folder, 'proving');
cpSync(join(root, 'plan'), proving, { recursive: true });
cpSync(join(root, 'test/cluster/proving/estate.yaml'), join(proving, 'estate.yaml'));

interface Stack {
  readonly '//': { readonly metadata: { readonly version: string; readonly stackName: string } };
}

/** What Terraform reads, and what the program that wrote it says of itself. */
function stack(out: string, id: string): { said: Stack['//']['metadata']; rest: object } {
  const { '//': said, ...rest } = JSON.parse(readFileSync(join(out, 'stacks', id, 'cdk.tf.json'), 'utf8')) as Stack;
  return { said: said.metadata, rest };
}

async function same(name: string, plan: string): Promise<void> {
  const [ours, theirs] = [join(folder, `${name}-cdktf`), join(folder, `${name}-cdktn`)];
  const ids = await synth(root, plan, ours, folder);
  assert.ok(ids.length > 0, 'something is declared');
  assert.deepEqual(await synth(fork, plan, theirs, folder), ids);
  for (const id of ids) {
    const [one, other] = [stack(ours, id), stack(theirs, id)];
    assert.equal(other.said.stackName, id);
    assert.notEqual(other.said.version, one.said.version, 'the fork has its own version');
    assert.deepEqual(other.rest, one.rest, id);
  }
}

const version = (at: string): { name: string; version: string } =>
  JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { name: string; version: string };

function replaced(): void {
  assert.equal(version(join(fork, 'node_modules/cdktf')).name, 'cdktn');
  assert.equal(version(join(root, 'node_modules/cdktf')).name, 'cdktf');
  const bindings = '@cdktf/provider-kubernetes';
  assert.deepEqual(version(join(fork, 'node_modules', bindings)), version(join(root, 'node_modules', bindings)));
}

const checks: readonly Check[] = [
  ['the fork stands in the place of cdktf, under the same bindings', replaced],
  ['the types fit', () => typecheck(fork)],
  ['the shipped estate: the same stacks', () => same('shipped', join(root, 'plan'))],
  ['the proving estate: the same stacks', () => same('proving', proving)],
];
await tally('fork', checks);
