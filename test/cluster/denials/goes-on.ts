import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Check } from '../../tally.ts';
import type { Stage } from '../stage.ts';
import type { Answer, Api, Who } from './api.ts';
import { collection, create, createNamespace, patch } from './asks.ts';
import {
  claim,
  claimSpec,
  CLASS,
  container,
  cronJob,
  daemonSet,
  deployment,
  GENERAL,
  job,
  namespace,
  pod,
  statefulSet,
} from './objects.ts';
import { admin, controller, lin } from './people.ts';
import { send } from './row.ts';

const HERE = 'copper-train';
const NAMESPACES = collection('Namespace');

async function passes(answer: Promise<Answer>): Promise<void> {
  const { message } = await answer;
  assert.equal(message, '');
}

/** Really creates what the row would only try. */
const make = (api: Api, who: Who, object: object, where = HERE): Promise<void> => {
  const { path, body } = create(who, where, object);
  return passes(api.ask('POST', path, body, who));
};

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  }[];
}
const list = async (api: Api, kind: string, app: string, where = HERE): Promise<Listed['items']> =>
  ((await api.ask('GET', `${collection(kind, where)}?labelSelector=app%3D${app}`)).body as Listed).items;

/** Until the controllers have done what they have to; 30 s is ten times what it takes on two cores. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const late = Date.now() + 30_000; !(await holds()); await setTimeout(100)) assert.ok(Date.now() < late, what);
}
const pods = (api: Api, app: string, count: number): Promise<void> =>
  until(`${count} pods of ${app}`, async () => (await list(api, 'Pod', app)).length === count);

/** The tenant deletes it; its pods go as the garbage collector finds them. */
async function goes(api: Api, kind: string, name: string, who: Who = lin): Promise<void> {
  await passes(api.ask('DELETE', `${collection(kind, HERE)}/${name}`, { propagationPolicy: 'Background' }, who));
  await pods(api, name, 0);
}

async function rollsOut(api: Api): Promise<void> {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } }; // no pod is ever ready here
  await make(api, lin, deployment('rolls', { fields: { replicas: 2, strategy } }));
  await pods(api, 'rolls', 2);
  const hash = async () =>
    new Set((await list(api, 'Pod', 'rolls')).map(({ metadata }) => metadata.labels?.['pod-template-hash']));
  const [first] = await hash();
  const other = container({ env: [{ name: 'STEP', value: '2' }] });
  const { path, body } = patch(lin, HERE, 'Deployment/rolls', {
    spec: { template: { spec: { containers: [other] } } },
  });
  await passes(api.ask('PATCH', path, body, lin));
  await until('the second revision alone', async () => {
    const now = await hash();
    return now.size === 1 && !now.has(first) && (await list(api, 'Pod', 'rolls')).length === 2;
  });
  await passes(api.ask('PATCH', `${collection('Deployment', HERE)}/rolls/scale`, { spec: { replicas: 3 } }, lin));
  await pods(api, 'rolls', 3);
  await goes(api, 'Deployment', 'rolls');
}

async function jobs(api: Api): Promise<void> {
  await make(api, lin, job('works', { fields: { parallelism: 2, completions: 2 } }));
  await pods(api, 'works', 2);
  await goes(api, 'Job', 'works'); // each pod carries a finalizer that the job controller takes off
  await make(api, lin, cronJob('nightly'));
  // A run that was missed is made up for at once.
  const status = {
    status: { lastScheduleTime: new Date(Date.now() - 25 * 3_600_000).toISOString().replace(/\.\d+/, '') },
  };
  await passes(api.ask('PATCH', `${collection('CronJob', HERE)}/nightly/status`, status));
  await pods(api, 'nightly', 1);
  await goes(api, 'CronJob', 'nightly');
}

async function sets(api: Api): Promise<void> {
  const volumeClaimTemplates = [{ metadata: { name: 'data', labels: GENERAL }, spec: claimSpec() }];
  await make(api, lin, statefulSet('keeps', { fields: { volumeClaimTemplates } }));
  await pods(api, 'keeps', 1);
  const kept = await api.ask('GET', `${collection('PersistentVolumeClaim', HERE)}/data-keeps-0`, undefined, lin);
  assert.equal(kept.message, '');
  await goes(api, 'StatefulSet', 'keeps');
}

/** The one controller that names nodes: its pods carry their node's name in an affinity by field. */
async function daemons(api: Api): Promise<void> {
  await passes(api.ask('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'daemon-0' } }));
  const tolerations = [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }];
  await make(api, admin, daemonSet('watches', { spec: { tolerations } }));
  await pods(api, 'watches', 1);
  await goes(api, 'DaemonSet', 'watches', admin);
  await passes(api.ask('DELETE', '/api/v1/nodes/daemon-0'));
}

const noted = { metadata: { annotations: { note: 'a' } } };

/** What is older than the policies: nobody changes it but Kubernetes, and it can go. */
async function old(api: Api): Promise<void> {
  const path = `${collection('Deployment', HERE)}/old`;
  const { body } = await api.ask('GET', path);
  await passes(api.ask('PUT', path, body, controller('deployment-controller')));
  await passes(send(api, patch(controller('replicaset-controller'), HERE, 'Pod/old', noted)));
  await goes(api, 'Deployment', 'old');
}

/** A pod that ends may lose its finalizers, and nothing else changes under that cover. */
async function ending(api: Api): Promise<void> {
  const path = `${collection('Pod', HERE)}/ending`;
  await passes(api.ask('DELETE', path, { gracePeriodSeconds: 0 }, lin));
  const released = { metadata: { finalizers: null } };
  const { spec } = (await api.ask('GET', path)).body as { spec: { containers: readonly object[] } };
  const others = [
    { metadata: { finalizers: null, labels: { [CLASS]: 'core' } } },
    { ...released, spec: { containers: spec.containers.map((one) => ({ ...one, image: 'evil.example/x:1' })) } },
  ];
  for (const other of others) {
    const refused = await api.ask('PATCH', path, other, lin);
    assert.match(refused.message, /^pods "ending" is forbidden: ValidatingAdmissionPolicy 'greenflops-/);
  }
  await passes(api.ask('PATCH', path, released, lin));
  await until('the pod is gone', async () => (await api.ask('GET', path)).code === 404);
}

/** The declaration takes a namespace away: everything in it goes, whatever the policies say of it. */
async function namespaceGoes(api: Api): Promise<void> {
  const labels = { 'greenflops.io/tenant': 'copper-ai', [CLASS]: 'general', 'greenflops.io/jurisdiction': 'jiangxi' };
  const { path, body } = createNamespace(admin, namespace('leaves', labels));
  await passes(api.ask('POST', path, body));
  await until(
    'an account',
    async () => (await api.ask('GET', `${collection('ServiceAccount', 'leaves')}/default`)).code === 200,
  );
  await make(api, admin, deployment('leaves'), 'leaves');
  await make(api, admin, claim('leaves'), 'leaves');
  await until('its pod', async () => (await list(api, 'Pod', 'leaves', 'leaves')).length === 1);
  await passes(api.ask('DELETE', `${NAMESPACES}/leaves`));
  await until('the namespace is gone', async () => (await api.ask('GET', `${NAMESPACES}/leaves`)).code === 404);
}

/** A claim's own reference to another namespace is dropped by the server before any policy sees it. */
async function dropped(api: Api): Promise<void> {
  const from = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'night', namespace: 'ore-vault' };
  const { body, message } = await send(api, create(lin, HERE, claim('copied', GENERAL, { dataSourceRef: from })));
  assert.equal(message, '');
  const { dataSourceRef } = (body as { spec: { dataSourceRef?: { namespace?: string } } }).spec;
  assert.equal(dataSourceRef?.namespace, undefined);
}

/** What a CEL expression may cost is limited, and the request fails where it is passed. */
async function large(api: Api): Promise<void> {
  const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  const spec = {
    containers: many(100, (i) =>
      container({ name: `c${i}`, env: many(50, (j) => ({ name: `E${j}`, value: 'x'.repeat(100) })) }),
    ),
    tolerations: many(100, (i) => ({ key: `vendor.example/${i}`, operator: 'Exists' })),
    volumes: many(100, (i) => ({ name: `v${i}`, emptyDir: {} })),
  };
  await passes(send(api, create(lin, HERE, pod('large', spec))));
  await passes(send(api, create(lin, HERE, deployment('large', { spec }))));
}

/** kubectl as its user sees it: a WebSocket that begins as a GET, and the message on stderr. */
async function byKubectl(stage: Stage): Promise<void> {
  const as = ['--as=ore', '--as-group=greenflops:tenant:ore-safe'];
  const said = await stage.refused(['exec', 'live', '-n', 'ore-vault', ...as, '--', 'id']);
  assert.match(
    said,
    /^error: unable to upgrade connection: pods "live" is forbidden: .*用户 ore 没有 important 级数据的授权/,
  );
}

export const goesOnChecks = (stage: Stage, api: Api): Check[] => [
  ['a deployment is rolled out, changed, scaled and taken away', () => rollsOut(api)],
  ['jobs and cron jobs run, and go with their pods', () => jobs(api)],
  ['a stateful set gets its pod and its volume', () => sets(api)],
  ['a daemon set gets a pod on its node', () => daemons(api)],
  ['what is older than the policies is kept by the controllers and can go', () => old(api)],
  ['a pod that ends loses its finalizers and changes nothing else', () => ending(api)],
  ['a namespace of a tenant goes with all that is in it', () => namespaceGoes(api)],
  ["a claim's source in another namespace is dropped by the server", () => dropped(api)],
  ['a pod with a hundred containers stays below what the policies may cost', () => large(api)],
  ['kubectl exec tells its user what is missing', () => byKubectl(stage)],
];
