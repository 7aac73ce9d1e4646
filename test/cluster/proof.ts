import assert from 'node:assert/strict';
import { declaredStacks } from '../../infra/declared.ts';
import type { Check } from '../tally.ts';
import { applyChecks } from './apply.ts';
import { missingTerraform } from './deploy.ts';
import { evidence, proofs, type Proof } from './evidence.ts';
import { allButTheLedger } from './exporter.ts';
import type { Part } from './part.ts';
import { crdFolder, openProving } from './proving.ts';
import { controller } from './queues/kueue.ts';
import { provincePlan } from './queues/province.ts';
import { repaired } from './repaired.ts';
import { table } from './table.ts';

const needsKueue = { behaves: () => controller().missing && "– needs Kueue's controller (KUEUE_MANAGER)" };
const needsVolcano = { behaves: () => '– needs Volcano, which is not run here' };
const needsKarmada = { behaves: () => '– needs Karmada, which is not run here' };

/** What cannot be shown of a kind, and why, which the cell says then; undefined where it could have been. */
const cannot: Readonly<Record<string, Partial<Record<Proof, () => string | undefined>>>> = {
  AdmissionCheck: needsKueue,
  ClusterQueue: needsKueue,
  Cohort: needsKueue,
  LocalQueue: needsKueue,
  MultiKueueCluster: needsKueue,
  MultiKueueConfig: needsKueue,
  ResourceFlavor: needsKueue,
  Topology: needsKueue,
  WorkloadPriorityClass: needsKueue,
  Queue: needsVolcano,
  HyperNode: needsVolcano,
  ClusterPropagationPolicy: needsKarmada,
  Node: {
    judged: () => '– never in the YAML', // a Node is labelled, never applied
    // The script for kubectl's way writes labels and takes none away.
    removed: () => missingTerraform() && '– needs Terraform and the provider',
  },
};

/** The kinds that the stacks of these declarations make, in the order of their deployment. */
const kindsOf = (plans: readonly string[]): string[] => [
  ...new Set(plans.flatMap((plan) => declaredStacks(plan).flatMap(({ objects }) => objects.map(({ kind }) => kind)))),
];

const withoutCrds = () => (crdFolder() === undefined ? 'no folder of CRDs (GREENFLOPS_CRDS)' : undefined);

function everyCell(kinds: readonly string[]): void {
  const rows = kinds.map((kind) =>
    proofs.map((proof) => evidence().get(kind)?.get(proof) ?? cannot[kind]?.[proof]?.() ?? ''),
  );
  console.log(
    table(
      ['kind', ...proofs],
      rows.map((row, i) => [kinds[i] ?? '', ...row]),
    ),
  );
  const empty = rows.flatMap((row, i) => proofs.filter((_, j) => row[j] === '').map((proof) => `${kinds[i]} ${proof}`));
  const strange = [...evidence().keys()].filter((kind) => !kinds.includes(kind));
  // Where a part of the run was left out, its cells are empty for no other reason.
  const out = process.argv.length > 2 ? `only ${process.argv.slice(2).join(' ')} ran` : withoutCrds();
  if (out !== undefined) console.log(`cluster: ${out}: ${empty.length} cells are empty`);
  else assert.deepEqual(empty, [], 'not shown');
  assert.deepEqual(strange, [], 'shown of what no stack makes');
}

/** The last part: the life of every object of the proving estate, and the table of what the whole run has shown. */
export const proof: Part = {
  name: 'proof',
  async checks(ends) {
    const stage = await openProving(ends);
    const kinds = kindsOf(['plan', stage.plan, provincePlan(ends)]);
    const life: Check[] = [
      ...applyChecks(stage),
      ['prove: an edit from outside of each kind is shown by diff and taken back by apply', () => repaired(stage)],
      ['prove: everything goes but the ledger', () => allButTheLedger(stage)],
    ];
    return [
      ...life.map(([title, run]): Check => [title, run, withoutCrds()]),
      ['each kind of object, and what was shown of it', () => everyCell(kinds)],
    ];
  },
};
