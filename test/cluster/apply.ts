import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Check } from '../tally.ts';
import { shownToo, type Proof } from './evidence.ts';
import type { Stage } from './stage.ts';

/** An object's place in the API, and what changes whenever anybody writes it. */
type Versions = ReadonlyMap<string, string>;

interface Live {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** All that one rendered path declares, as it lives; rejects where an object is not there. */
async function live(stage: Stage, path: string): Promise<readonly (readonly [key: string, object: Live])[]> {
  const { items } = JSON.parse(await stage.accepted(['get', '-o', 'json', '-f', path])) as { items: readonly Live[] };
  return items.map((one) => [`${one.kind} ${one.metadata.namespace ?? ''}/${one.metadata.name}`, one]);
}

export async function versions(stage: Stage, path: string): Promise<Versions> {
  return new Map(
    (await live(stage, path)).map(([key, { metadata }]) => [
      key,
      `uid ${metadata.uid}, resourceVersion ${metadata.resourceVersion}, generation ${metadata.generation}`,
    ]),
  );
}

/** What the objects say, without what the server adds to each object of its own. kubectl shows no managed fields. */
export async function contents(stage: Stage, path: string): Promise<Map<string, unknown>> {
  const added = { uid: undefined, resourceVersion: undefined, generation: undefined, creationTimestamp: undefined };
  return new Map(
    (await live(stage, path)).map(([key, one]) => [
      key,
      JSON.parse(JSON.stringify({ ...one, metadata: { ...one.metadata, ...added }, status: undefined })) as unknown,
    ]),
  );
}

/** The versions once the controllers have written all that they have to say about new objects. */
export async function settled(stage: Stage): Promise<Versions> {
  for (let before = await versions(stage, stage.folder), late = Date.now() + 30_000; ;) {
    await setTimeout(1000);
    const now = await versions(stage, stage.folder);
    if ([...now].every(([key, version]) => before.get(key) === version)) return now;
    assert.ok(Date.now() < late, 'the controllers write the same objects again and again');
    before = now;
  }
}

const apply = (path: string) => ['apply', '--server-side', '-f', path];

export async function everyObject(stage: Stage): Promise<void> {
  const declared = stage.files.flatMap(({ objects }) => objects);
  const said = await stage.accepted(apply(stage.folder));
  assert.equal(said.trim().split('\n').length, declared.length, said);
  assert.ok(declared.length > 0, 'something is declared');
  for (const [key, object] of await contents(stage, stage.folder)) stage.applied.set(key, object);
  record(stage, 'applied');
}

/** Every kind of a stage was in what a check has shown. */
const record = (stage: Stage, proof: Proof): void => {
  for (const { kind } of stage.files.flatMap(({ objects }) => objects)) shownToo(kind, proof, stage.cluster);
};

/**
 * A claim is created without its phase, which the server fills in whenever it reads it: the first write after the creation
 * stores the phase, changes nothing that can be seen, and is none of ours.
 */
const withoutClaims = (all: Versions) => [...all].filter(([key]) => !key.startsWith('PersistentVolumeClaim '));

/** A second and a third apply write nothing. */
async function again(stage: Stage): Promise<void> {
  const first = await settled(stage);
  await stage.accepted(apply(stage.folder));
  const second = await versions(stage, stage.folder);
  assert.deepEqual(withoutClaims(second), withoutClaims(first));
  await stage.accepted(apply(stage.folder));
  assert.deepEqual(await versions(stage, stage.folder), second);
  record(stage, 'unchanged');
}

/** A quota as rendered, with another spec. */
function quota(stage: Stage, spec: unknown) {
  const [rendered] = stage.objects('ResourceQuota');
  assert.ok(rendered, 'a quota is rendered');
  return { ...rendered, spec };
}

async function difference(stage: Stage): Promise<void> {
  await stage.accepted(['diff', '--server-side', '-f', stage.folder]);
  const changed = quota(stage, { hard: { pods: '7' } });
  const { code, stdout } = await stage.plane.kubectl(
    ['diff', '--server-side', '--force-conflicts', '-f', '-'],
    JSON.stringify(changed),
  );
  assert.equal(code, 1, 'exit code of a diff with a difference');
  assert.match(stdout, /^\+ +pods: "7"$/m);
}

async function broken(stage: Stage): Promise<void> {
  const misspelt = await stage.refused(apply('-'), quota(stage, { hardd: {} }));
  assert.match(misspelt, /\.spec\.hardd: field not declared in schema/);
  const negative = await stage.refused(apply('-'), quota(stage, { hard: { 'requests.nvidia.com/gpu': '-1' } }));
  assert.match(negative, /spec\.hard\[requests\.nvidia\.com\/gpu\]: Invalid value: "-1"/);
}

export const applyChecks = (stage: Stage): Check[] => [
  [`${stage.cluster}: every rendered object is accepted`, () => everyObject(stage)],
  [`${stage.cluster}: a second and a third apply write nothing`, () => again(stage)],
  [`${stage.cluster}: kubectl diff finds no difference, and finds one where there is one`, () => difference(stage)],
  [`${stage.cluster}: a wrong field or value is refused by its name`, () => broken(stage)],
];
