import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { declaredStacks } from '../../../infra/declared.ts';
import { planFolder } from '../../plan-folder.ts';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import type { Proving } from '../proving.ts';
import type { Api, Who } from './api.ts';
import { create, patch } from './asks.ts';
import { adding } from './estate.ts';
import {
  CLASS,
  container,
  cronJob,
  daemonSet,
  deployment,
  job,
  pod,
  PRIORITY,
  QUEUE,
  replicaSet,
  statefulSet,
} from './objects.ts';
import { admin, controller, kueue, lab, lin } from './people.ts';
import { HERE } from './really.ts';
import { ANYWHERE, asks } from './rows/admission.ts';
import { send } from './row.ts';

type Map = Readonly<Record<string, string>> | undefined;
interface Meta {
  readonly metadata?: { readonly labels?: Map; readonly annotations?: Map };
}
/** What the server made of an object. */
interface Made extends Meta {
  readonly spec: Meta & {
    readonly template?: Meta;
    readonly jobTemplate?: Meta & { readonly spec: { readonly template: Meta } };
  };
}

/** The mutating policies of the estate that adds. */
function mutations(): readonly { readonly kind: string }[] {
  const { dir, remove } = planFolder(adding(readFileSync('test/cluster/proving/estate.yaml', 'utf8')));
  try {
    return declaredStacks(dir)
      .filter(({ id }) => id === 'prove-guardrails')
      .flatMap(({ objects }) => objects.filter(({ kind }) => kind.startsWith('MutatingAdmissionPolicy')));
  } finally {
    remove();
  }
}

async function made(api: Api, who: Who, object: object, where = HERE): Promise<Made> {
  const { body, message } = await send(api, create(who, where, object));
  assert.equal(message, '');
  return body as Made;
}

const queued = { [QUEUE]: 'main' };
const whole = { ...queued, [CLASS]: 'general', [PRIORITY]: 'greenflops-normal' };
const CHIPS = asks({ 'huawei.com/Ascend910B3': '2' });
/** Kubernetes notes on a pod itself what limits it gave */
const [UNCONSTRAINED = ''] = Object.keys(ANYWHERE);
const general = { [CLASS]: 'general' };

/** Applies them, and waits until the server has taken them in. */
async function begins(stage: Proving, api: Api): Promise<void> {
  const items = mutations();
  assert.deepEqual(
    items.map(({ kind }) => kind),
    ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'],
  );
  await stage.accepted(['apply', '--server-side', '-f', '-'], { apiVersion: 'v1', kind: 'List', items });
  for (const late = Date.now() + 20_000; ; await setTimeout(200)) {
    const { message } = await send(api, create(lin, HERE, pod('begins', {}, queued)));
    if (message === '') return;
    assert.ok(Date.now() < late, `nothing is added: ${message}`);
  }
}

/** Everything that is missing, and nothing that is there, in each kind. */
async function everyKind(api: Api): Promise<void> {
  const alone = await made(api, lin, pod('alone', CHIPS, queued));
  assert.deepEqual(alone.metadata?.labels, whole);
  assert.equal(alone.metadata?.annotations?.[UNCONSTRAINED], 'true');
  for (const [who, make] of [
    [lin, deployment],
    [lin, statefulSet],
    [lin, job],
  ] as const) {
    const one = await made(api, who, make('alone', { own: queued, labels: {}, spec: CHIPS }));
    assert.deepEqual(one.metadata?.labels, whole, make.name);
    assert.equal(one.spec.template?.metadata?.labels?.[CLASS], 'general');
    assert.equal(one.spec.template.metadata.labels[PRIORITY], undefined);
    assert.deepEqual(one.spec.template.metadata.annotations, ANYWHERE);
  }
  for (const make of [replicaSet, daemonSet]) {
    const one = await made(api, admin, make('alone', { own: {}, labels: queued, spec: CHIPS }));
    assert.deepEqual(one.spec.template?.metadata?.labels, { ...whole, app: 'alone' });
    assert.deepEqual(one.spec.template.metadata.annotations, ANYWHERE);
  }
  const yearly = (await made(api, lin, cronJob('alone', { own: queued, labels: {}, spec: CHIPS }))).spec.jobTemplate;
  assert.deepEqual(yearly?.metadata?.labels, whole);
  assert.deepEqual(yearly.spec.template.metadata?.labels, { ...general, app: 'alone' });
  assert.deepEqual(yearly.spec.template.metadata.annotations, ANYWHERE);
  for (const kind of ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'])
    shown(kind, 'behaves', 'denials: what is submitted with a queue and nothing else gets what it needs');
}

/** A template without metadata, and an object without labels, which still lacks its queue. */
async function bare(api: Api): Promise<void> {
  const { spec, ...rest } = job('bare', { own: queued, spec: CHIPS }) as { spec: { template: { spec: object } } };
  const template = { spec: spec.template.spec };
  const one = await made(api, lin, { ...rest, spec: { ...spec, template } });
  assert.equal(one.spec.template?.metadata?.labels?.[CLASS], 'general');
  assert.deepEqual(one.spec.template.metadata.annotations, ANYWHERE);
  const { message } = await send(api, create(lin, HERE, { ...rest, metadata: { name: 'bare' }, spec: { template } }));
  assert.match(message, /'greenflops-queue' denied request: 没有写明队列/);
}

/** What is there stays: another topology, another class, which is refused, a priority of its own. */
async function kept(api: Api): Promise<void> {
  const rack = { 'kueue.x-k8s.io/podset-preferred-topology': 'kubernetes.io/hostname' };
  const one = await made(
    api,
    lin,
    job('kept', { own: { ...queued, [PRIORITY]: 'greenflops-low' }, annotations: rack, spec: CHIPS }),
  );
  assert.equal(one.metadata?.labels?.[PRIORITY], 'greenflops-low');
  assert.deepEqual(one.spec.template?.metadata?.annotations, rack);
  const low = await made(api, lin, job('kept', { own: queued, spec: { priorityClassName: 'greenflops-low' } }));
  assert.equal(low.metadata?.labels?.[PRIORITY], undefined);
  const { message } = await send(api, create(lin, HERE, pod('kept', {}, { ...queued, [CLASS]: 'important' })));
  assert.match(message, /'greenflops-data-class' denied request/);
}

/** No topology without chips, for claims, for parts of chips, and for another tenant's chips. */
async function unplaced(api: Api): Promise<void> {
  const CARD = 'huawei.com/Ascend910B4';
  const part = { [CARD]: '1', [`${CARD}-core`]: '10', [`${CARD}-memory`]: '1024' };
  const claims = { resourceClaims: [{ name: 'card', resourceClaimName: 'card' }] };
  const shared = { containers: [container({ resources: { limits: { 'nvidia.com/gpu.shared': '1' } } })] };
  for (const [who, where, spec, annotations] of [
    [lin, HERE, {}, undefined],
    [lin, HERE, asks({ 'nvidia.com/gpu.shared': '1' }), undefined],
    [lab, 'share-lab', asks(part), undefined],
    [lab, 'share-lab', claims, undefined],
    [lab, 'share-lab', shared, ANYWHERE],
  ] as const) {
    const one = await made(api, who, job('unplaced', { own: queued, spec }), where);
    assert.deepEqual(one.spec.template?.metadata?.annotations, annotations, JSON.stringify(spec));
  }
}

/** Kueue starts a job with the nodes of a flavour, and its pods come with what Kueue gave them. */
async function letBe(api: Api): Promise<void> {
  const pool = { key: 'greenflops.io/pool', operator: 'Equal', value: 'p-910b', effect: 'NoSchedule' };
  const tolerations = [pool, { key: 'huawei.com/npu', operator: 'Exists', effect: 'NoSchedule' }];
  const flavor = { nodeSelector: { 'greenflops.io/pool': 'p-910b' }, tolerations };
  const started = await send(
    api,
    patch(kueue, HERE, 'Job/waiting', { spec: { suspend: false, template: { spec: flavor } } }),
  );
  assert.equal(started.message, '');
  assert.equal((started.body as Made).spec.template?.metadata?.annotations, undefined);
  const labels = { ...whole, 'kueue.x-k8s.io/podset': 'main' };
  const gates = { schedulingGates: [{ name: 'kueue.x-k8s.io/topology' }] };
  const one = await made(api, controller('job-controller'), pod('of-a-job', { ...CHIPS, ...flavor, ...gates }, labels));
  assert.equal(one.metadata?.annotations?.[UNCONSTRAINED], undefined);
}

/** A tenant submits a job with its queue and nothing else: the estate that adds what is missing. */
export const addedChecks = (stage: Proving, api: Api): Check[] => [
  ['what is added comes into force', () => begins(stage, api)],
  ['each kind gets its data class, its priority and its topology', () => everyKind(api)],
  ['a template without metadata gets them, an object without labels still lacks its queue', () => bare(api)],
  ['what is there is kept', () => kept(api)],
  ['topology is for chips that stand on nodes', () => unplaced(api)],
  ["Kueue's updates and its pods are let be", () => letBe(api)],
];
