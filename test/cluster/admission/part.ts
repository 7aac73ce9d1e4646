import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Crds } from '../../../infra/admission/crds.ts';
import { judge } from '../../../infra/admission/judge.ts';
import type { Fields } from '../../../infra/admission/schema.ts';
import type { Check } from '../../tally.ts';
import { startControlPlane } from '../control-plane.ts';
import type { Part } from '../part.ts';
import { crdFolder } from '../proving.ts';
import { asking, type Ask } from './api.ts';
import { broken, good } from './good.ts';
import { known } from './known.ts';
import { changed, mutants, type Mutant } from './mutate.ts';

const MUTANTS = 600;
const projects = ['kueue', 'prometheus-operator', 'karmada', 'volcano'];

/** Where the definitions' own conditions are broken; a rule that several objects know is broken in each. */
const conditions: readonly Mutant[] = broken.flatMap(([kind, path, value]) =>
  good
    .filter((object) => object['kind'] === kind)
    .map((object) => ({
      object: changed(object, path, () => value),
      what: `${kind} ${path.join('.')}: ${JSON.stringify(value)}`,
    })),
);

const offline = (object: Fields, crds: Crds): string | undefined => {
  const { problems, covered } = judge(object, crds);
  assert.ok(covered, `${String(object['kind'])} has a definition`);
  return problems.length === 0 ? undefined : problems.map(({ path, detail }) => `${path}: ${detail.en}`).join('; ');
};

/** Both verdicts on each object; every difference is printed, and one that the list of known ones does not hold is a failure. */
async function compare(all: readonly Mutant[], ask: Ask, crds: Crds): Promise<{ accepted: number; refused: number }> {
  const unexplained: string[] = [];
  let [accepted, refused] = [0, 0];
  for (const { object, what } of all) {
    const server = await ask(object);
    const ours = offline(object, crds);
    if (server === undefined) accepted += 1;
    else refused += 1;
    if ((server === undefined) === (ours === undefined)) continue;
    const reason = known.find(({ when }) => when(what, server ?? ''))?.why;
    const line = `${what}\n  server: ${server ?? 'accepted'}\n  ours:   ${ours ?? 'accepted'}`;
    console.log(`difference: ${line}\n  ${reason ?? 'NOT EXPLAINED'}`);
    if (reason === undefined) unexplained.push(line);
  }
  assert.deepEqual(unexplained, []);
  return { accepted, refused };
}

/** Offline admission against the API server that it speaks for: the same objects, the same verdicts. */
export const admission: Part = {
  name: 'admission',
  async checks(ends) {
    const folder = crdFolder();
    if (folder === undefined) return [['offline admission', () => {}, 'there is no folder of CRDs (GREENFLOPS_CRDS)']];
    const plane = await startControlPlane('admission');
    ends.defer(() => plane.stop());
    for (const project of projects) {
      const { code, stderr } = await plane.kubectl(['apply', '--server-side', '-f', join(folder, project)]);
      assert.equal(code, 0, stderr);
    }
    const { code, stderr } = await plane.kubectl([
      'wait',
      '--for=condition=Established',
      'crd',
      '--all',
      '--timeout=60s',
    ]);
    assert.equal(code, 0, stderr);
    const ask = asking(plane, ends);
    const crds = new Crds(folder);
    const checks: Check[] = [
      [
        `${good.length} good objects are accepted by both`,
        async () => {
          for (const object of good) {
            const what = `${String(object['kind'])} ${JSON.stringify(object['metadata'])}`;
            assert.equal(await ask(object), undefined, what);
            assert.equal(offline(object, crds), undefined, what);
          }
        },
      ],
      [
        `${conditions.length} broken conditions of the definitions get the same verdict`,
        async () => {
          const { refused } = await compare(conditions, ask, crds);
          assert.ok(refused >= broken.length, `${refused} of them are refused: each condition at least once`);
        },
      ],
      [
        `${MUTANTS} mutated objects get the same verdict`,
        async () => {
          const all = mutants(good, MUTANTS);
          assert.equal(all.length, MUTANTS);
          const { accepted, refused } = await compare(all, ask, crds);
          console.log(`  of ${MUTANTS} mutants the API server refused ${refused} and took ${accepted}`);
          assert.ok(refused >= 200 && accepted >= 50, 'both verdicts occur often enough to tell anything');
        },
      ],
    ];
    return checks;
  },
};
