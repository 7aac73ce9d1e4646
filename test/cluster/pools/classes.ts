import assert from 'node:assert/strict';
import { join } from 'node:path';
import { versions } from '../apply.ts';
import { shown } from '../evidence.ts';
import type { Proving } from '../proving.ts';

const kinds = ['RuntimeClass', 'DeviceClass'];

/** Somebody opens a class to other nodes and devices: `kubectl diff` shows it, the next apply takes it back. */
export async function classesRepaired(stage: Proving): Promise<void> {
  const file = join(stage.folder, '20-pools.yaml');
  const apply = ['apply', '--server-side', '--force-conflicts', '-f', file];
  const ours = async () =>
    [...(await versions(stage, file))].filter(([key]) => kinds.some((kind) => key.startsWith(kind)));
  await stage.accepted(apply);
  const before = await ours();
  assert.equal(before.length, 3, 'two runtime classes and a device class');
  await stage.accepted(apply);
  assert.deepEqual(await ours(), before);
  for (const kind of kinds) shown(kind, 'unchanged', 'a second apply of the rendered file');

  const patch = (what: string, change: object) =>
    stage.accepted(['patch', what, '--type=merge', '--field-manager=somebody', '-p', JSON.stringify(change)]);
  await patch('runtimeclass/p-910b', { scheduling: { nodeSelector: { 'greenflops.io/pool': 'p-rdma' } } });
  await patch('deviceclass/p-dra', { spec: { selectors: [] } });
  const { code, stdout } = await stage.plane.kubectl(['diff', '--server-side', '--force-conflicts', '-f', file]);
  assert.equal(code, 1, 'exit code of a diff with a difference');
  assert.match(stdout, /^\+ +greenflops\.io\/pool: p-910b$/m);
  assert.match(stdout, /^\+ +expression: device\.driver == 'gpu\.nvidia\.com'$/m);
  await stage.accepted(apply);
  await stage.accepted(['diff', '--server-side', '-f', file]);
  for (const kind of kinds) shown(kind, 'repaired', 'an outside edit, shown by kubectl diff and taken back by apply');
}
