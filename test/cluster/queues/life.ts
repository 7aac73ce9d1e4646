import assert from 'node:assert/strict';
import type { Check } from '../../tally.ts';
import { everyObject, versions } from '../apply.ts';
import { shownToo } from '../evidence.ts';
import { repaired } from '../repaired.ts';
import { left, type Stage } from '../stage.ts';

const isLedger = (path: string): boolean => path.endsWith('-ledger.yaml');

/** What each file declares is there as it was after another apply. */
async function again(stage: Stage): Promise<void> {
  for (const { path, objects } of stage.files.filter((file) => !isLedger(file.path))) {
    const before = await versions(stage, path);
    await stage.accepted(['apply', '--server-side', '-f', path]);
    assert.deepEqual(await versions(stage, path), before);
    for (const { kind } of objects) shownToo(kind, 'unchanged', stage.cluster);
  }
}

/** Every file but the ledger's is deleted, the last one first; the ledger's objects stay as they are. */
async function destroyed(stage: Stage): Promise<void> {
  const kept = stage.files.filter(({ path }) => isLedger(path));
  const uids = async () => {
    const all = await Promise.all(kept.map(({ path }) => versions(stage, path)));
    return all.flatMap((one) => [...one].map(([key, text]) => `${key} ${text.split(',')[0]}`));
  };
  const before = await uids();
  for (const file of stage.files.filter(({ path }) => !isLedger(path)).toReversed()) {
    await stage.accepted(['delete', '-f', file.path, '--timeout=60s']);
    assert.deepEqual(await left(stage, file), []);
    for (const { kind } of file.objects) shownToo(kind, 'removed', stage.cluster);
  }
  assert.deepEqual(await uids(), before);
}

/** What of a cluster's stacks no other proof leads through its life: those of the proving estate go through theirs there. */
const own: Readonly<Record<string, RegExp>> = {
  'jx-k': /./,
  'jx-m': /-(dispatch|queues)\.yaml$/,
  'nc-a': /-gangs\.yaml$/,
};

/** The life of what is rendered for one cluster of the province. */
export function life(open: () => Stage, cluster: string): Check[] {
  const accepted: Check = [
    `${cluster}: every object of its stacks is accepted, by schema and CEL`,
    () => everyObject(open()),
  ];
  const files = own[cluster];
  // The last one's policies would judge another estate's namespaces until they are replaced.
  if (files === undefined) return [accepted, [`${cluster}: everything goes but the ledger`, () => destroyed(open())]];
  const part = (): Stage => ({ ...open(), files: open().files.filter(({ path }) => files.test(path)) });
  return [
    accepted,
    [`${cluster}: a second apply writes nothing`, () => again(part())],
    [`${cluster}: an edit from outside of each kind is shown by diff and taken back by apply`, () => repaired(part())],
    [`${cluster}: everything goes but the ledger`, () => destroyed(part())],
  ];
}
