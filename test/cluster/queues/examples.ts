import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { shown } from '../evidence.ts';
import type { Stage } from '../stage.ts';
import { scheduling } from './province.ts';

type Strings = Readonly<Record<string, string>>;
interface Template {
  readonly metadata?: { readonly labels?: Strings; readonly annotations?: Strings };
}

/** A Job, or a JobSet of jobs. */
export interface Example {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Strings };
  readonly spec: {
    readonly template?: Template;
    readonly replicatedJobs?: readonly { readonly template: { readonly spec: { readonly template: Template } } }[];
  };
}

const folder = join(scheduling, 'examples');

/** What docs/scheduling/examples has besides the estate that all of it is valid on. */
const examples: readonly Example[] = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml') && name !== 'estate.yaml')
  .map((name) => parse(readFileSync(join(folder, name), 'utf8')) as Example);

const templatesOf = ({ spec }: Example): Template[] => [
  ...(spec.template ? [spec.template] : []),
  ...(spec.replicatedJobs ?? []).map(({ template }) => template.spec.template),
];

const TENANT = 'chip-lab';
const asMember = ['--as=member', `--as-group=greenflops:tenant:${TENANT}`, '--as-group=system:authenticated'];
const create = ['create', '-f', '-', '-o', 'json', ...asMember];
const tried = [...create, '--dry-run=server'];

const QUEUE = 'kueue.x-k8s.io/queue-name';
const PRIORITY = 'kueue.x-k8s.io/priority-class';
const CLASS = 'greenflops.io/data-class';
const anyTopology = /^kueue\.x-k8s\.io\/podset-.*topology/;

/** What an object must have once it is stored, or it would wait for ever, or be counted for nobody. */
function complete(one: Example): void {
  const { kind, metadata } = one;
  assert.equal(metadata.labels?.[QUEUE], 'default', `${kind} ${metadata.name}`);
  assert.equal(metadata.labels[PRIORITY], 'greenflops-normal', `${kind} ${metadata.name}`);
  assert.equal(metadata.labels[CLASS], 'general', `${kind} ${metadata.name}`);
  assert.ok(templatesOf(one).length > 0, `${kind} ${metadata.name}`);
  for (const template of templatesOf(one)) {
    assert.equal(template.metadata?.labels?.[CLASS], 'general', `${metadata.name}: pod template`);
    const topology = Object.keys(template.metadata.annotations ?? {}).filter((key) => anyTopology.test(key));
    assert.equal(topology.length, 1, `${metadata.name}: annotations of the pod template`);
  }
}

/** Each is stored as a member of the tenant submits it, and has all that Kueue needs then. */
export async function stored(stage: Stage): Promise<void> {
  assert.ok(
    examples.length > 10 && examples.some(({ kind }) => kind === 'JobSet'),
    'one for each vendor, and a JobSet',
  );
  for (const one of examples) complete(JSON.parse(await stage.accepted(create, one)) as Example);
}

/** The same without a queue, which is for its author to name. */
export async function queueless(stage: Stage): Promise<void> {
  for (const one of examples) {
    const { [QUEUE]: _, ...labels } = one.metadata.labels ?? {};
    const said = await stage.refused(tried, { ...one, metadata: { ...one.metadata, name: 'queueless', labels } });
    assert.match(said, /no queue is named: write kueue\.x-k8s\.io\/queue-name/, one.metadata.name);
  }
}

const bareTemplate = (template: Template): Template => ({ ...template, metadata: {} });

/** The queue label and nothing else of ours. */
const bare = (one: Example): Example => ({
  ...one,
  metadata: { ...one.metadata, name: `bare-${one.metadata.name}`, labels: { [QUEUE]: 'default' } },
  spec: {
    ...one.spec,
    ...(one.spec.template && { template: bareTemplate(one.spec.template) }),
    ...(one.spec.replicatedJobs && {
      replicatedJobs: one.spec.replicatedJobs.map((replicated) => ({
        ...replicated,
        template: {
          ...replicated.template,
          spec: { ...replicated.template.spec, template: bareTemplate(replicated.template.spec.template) },
        },
      })),
    }),
  },
});

/** The same with the queue and nothing else: jobs are completed, what other controllers run is refused with what to write. */
export async function completed(stage: Stage): Promise<void> {
  for (const one of examples.map(bare)) {
    if (one.kind === 'Job') complete(JSON.parse(await stage.accepted(tried, one)) as Example);
    else
      assert.match(
        await stage.refused(tried, one),
        /write (greenflops\.io\/data-class: general|kueue\.x-k8s\.io\/priority-class: greenflops-normal) into/,
      );
  }
  for (const kind of ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'])
    shown(kind, 'behaves', 'completes a job that has its queue and nothing else');
}
