import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declaredStacks } from '../../../infra/declared.ts';
import { buildApp } from '../../../infra/terraform/synth.ts';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import { everyObject } from '../apply.ts';
import { renderedFiles } from '../objects.ts';
import { established } from '../established.ts';
import type { Part } from '../part.ts';
import { crdFolder, openProving } from '../proving.ts';
import { provinceCrds, renderProvince } from '../queues/province.ts';
import { shippedStages } from '../shipped.ts';
import type { Stage } from '../stage.ts';
import { accepted, settle } from './accepted.ts';
import { checkov, judged, type Finding } from './checkov.ts';
import { conforms, kubeconform } from './kubeconform.ts';
import { openapiSchemas } from './openapi-schemas.ts';
import { guidesPod, podSecurityChecks } from './pod-security.ts';

/** Everything that is judged, and a folder for what the judging needs. */
interface Case {
  readonly stages: readonly Stage[];
  /** What was rendered for clusters that have no plane here */
  readonly rendered: readonly Pick<Stage, 'folder' | 'files'>[];
  /** Of the declarations behind the stages */
  readonly plans: readonly string[];
  readonly folder: string;
}

/** Which API server's schemas judge: the one with the most CRDs. */
async function byKubeconform({ stages, rendered, folder }: Case, program: string): Promise<void> {
  const server = stages.at(-1);
  assert.ok(server, 'a plane is there to ask');
  const schemas = join(folder, 'schemas');
  const kinds = await openapiSchemas(server, schemas);
  assert.ok(kinds > 100, `the API server has schemas for ${kinds} kinds`);
  for (const { files } of [...stages, ...rendered]) {
    const objects = files.flatMap((file) => file.objects);
    const { valid, complaints } = await conforms(
      program,
      schemas,
      files.map(({ path }) => path),
    );
    assert.deepEqual(complaints, []);
    assert.deepEqual(valid.toSorted(), objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`).toSorted());
    for (const { kind } of objects) shown(kind, 'judged', 'kubeconform');
  }
}

const WRONG = `apiVersion: v1
kind: ResourceQuota
metadata: { name: misspelt }
spec: { hardd: {} }
---
apiVersion: v1
kind: Service
metadata: { name: text-for-number }
spec: { ports: [{ port: '80' }] }
---
apiVersion: example.com/v1
kind: Widget
metadata: { name: unknown }
`;

/** So that 'nothing is wrong' says something. */
async function kubeconformIsAwake({ folder }: Case, program: string): Promise<void> {
  const path = join(folder, 'wrong.yaml');
  writeFileSync(path, WRONG);
  const { valid, complaints } = await conforms(program, join(folder, 'schemas'), [path]);
  assert.deepEqual(valid, []);
  const all = complaints.toSorted().join('\n');
  assert.equal(complaints.length, 3, all);
  assert.match(all, /ResourceQuota\/misspelt: statusInvalid: .*additional properties 'hardd' not allowed/);
  assert.match(all, /Service\/text-for-number: statusInvalid: .*got string, want integer/);
  assert.match(all, /Widget\/unknown: statusError: could not find schema for Widget/);
}

async function byCheckov({ stages, rendered, plans, folder }: Case, python: string): Promise<void> {
  const yaml = join(folder, 'yaml');
  const every = [...stages, ...rendered];
  for (const [i, one] of every.entries()) cpSync(one.folder, join(yaml, String(i)), { recursive: true });
  const terraform = join(folder, 'terraform');
  for (const [i, plan] of plans.entries()) {
    mkdirSync(join(terraform, String(i)), { recursive: true });
    buildApp(declaredStacks(plan), join(terraform, String(i))).synth();
  }
  const found = [await judged(python, 'kubernetes', yaml), await judged(python, 'terraform_json', terraform)];
  for (const { passed } of found) assert.ok(passed.length > 0, 'checkov has read something');
  settle(
    accepted(),
    found.flatMap(({ failed }) => failed),
  );
  // Of a StatefulSet it judges the pods as well, which are none of the objects.
  const kinds = new Set(every.flatMap(({ files }) => files.flatMap(({ objects }) => objects.map(({ kind }) => kind))));
  const read = new Set(found[0]?.passed.map(({ object }) => object.split('.')[0] ?? ''));
  for (const kind of kinds.intersection(read)) shown(kind, 'judged', 'kubeconform, checkov');
}

const CARELESS = `apiVersion: v1
kind: Pod
metadata: { name: careless, namespace: anywhere }
spec: { containers: [{ name: main, image: 'nginx:latest', securityContext: { privileged: true } }] }
`;

async function checkovIsAwake({ folder }: Case, python: string): Promise<void> {
  const careless = join(folder, 'careless');
  mkdirSync(careless);
  writeFileSync(join(careless, 'pod.yaml'), CARELESS);
  const { failed } = await judged(python, 'kubernetes', careless);
  const checks = failed.map(({ check }: Finding) => check);
  for (const check of ['CKV_K8S_16', 'CKV_K8S_43']) assert.ok(checks.includes(check), `${check}: ${checks.join(' ')}`);
  // What is found and not listed fails, and so does what is listed and not found.
  assert.throws(() => settle([], failed), /CKV_K8S_16 Pod\.anywhere\.careless/);
  const idle = { check: 'CKV_K8S_16', object: 'Pod.anywhere.*', reason: 'a row for a pod that is gone' };
  assert.throws(() => settle([idle], []), /found no more/);
  settle(
    [idle],
    failed.filter(({ check }) => check === 'CKV_K8S_16'),
  );
}

const guide = (stage: Stage): Check => ["nc-a: the guide's pod is admitted, at 'restricted'", () => guidesPod(stage)];

/** The judge, or why it cannot be had. */
async function had(get: () => Promise<string>): Promise<{ program: string; missing?: string }> {
  try {
    return { program: await get() };
  } catch (error) {
    return { program: '', missing: error instanceof Error ? error.message : String(error) };
  }
}

/** Judges from outside of the house, on what the shipped estate and the proving estate render. */
export const judges: Part = {
  name: 'judges',
  async checks(ends) {
    const folder = mkdtempSync(join(tmpdir(), 'greenflops-judges-'));
    ends.defer(() => rmSync(folder, { recursive: true, force: true }));
    const shipped = await shippedStages(ends, join(folder, 'shipped'));
    const proving = await openProving(ends);
    const province = await renderProvince(ends);
    const rendered = province.clusters.map((cluster) => ({
      folder: join(province.rendered, cluster),
      files: renderedFiles(province.rendered, cluster),
    }));
    if (crdFolder()) {
      const crds = (await provinceCrds()).flatMap((path) => ['-f', path]);
      await proving.accepted(['apply', '--server-side', ...crds]);
      await proving.accepted(established);
    }
    const plans = ['plan', proving.plan, province.plan];
    const at: Case = { stages: [...shipped, proving], rendered, plans, folder };
    const schemas = await had(kubeconform);
    const careful = await had(checkov);
    const without = crdFolder()
      ? undefined
      : 'no folder of CRDs (GREENFLOPS_CRDS), so no schema of the operator’s kinds';
    return [
      [
        'kubeconform: every rendered object, strictly',
        () => byKubeconform(at, schemas.program),
        schemas.missing ?? without,
      ],
      [
        'kubeconform: wrong objects are found',
        () => kubeconformIsAwake(at, schemas.program),
        schemas.missing ?? without,
      ],
      ['checkov: no finding without a reason', () => byCheckov(at, careful.program), careful.missing],
      ['checkov: a careless pod is found', () => checkovIsAwake(at, careful.program), careful.missing],
      ...at.stages.flatMap((stage): Check[] => {
        const checks: Check[] = [
          [`${stage.cluster}: is applied`, () => everyObject(stage)],
          ...podSecurityChecks(stage),
          ...(stage.cluster === 'nc-a' ? [guide(stage)] : []),
        ];
        return stage === proving ? checks.map(([title, run]): Check => [title, run, without]) : checks;
      }),
    ];
  },
};
