import assert from 'node:assert/strict';
import type { Check } from '../../tally.ts';
import type { Api } from './api.ts';
import { collection, createNamespace, patch } from './asks.ts';
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
  statefulSet,
} from './objects.ts';
import { admin, lin } from './people.ts';
import { send } from './row.ts';
import { NEXT } from './rows/namespaces.ts';
import { goes, HERE, list, make, passes, pods, until } from './really.ts';

const NAMESPACES = collection('Namespace');

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
  // Its owner may still change it: that it was placed is no fault of theirs.
  const [placed] = await list(api, 'Pod', 'watches');
  const note = { metadata: { annotations: { note: 'a' } } };
  await passes(send(api, patch(lin, HERE, `Pod/${placed?.metadata.name}`, note)));
  await goes(api, 'DaemonSet', 'watches', admin);
  await passes(api.ask('DELETE', '/api/v1/nodes/daemon-0'));
}

/** The declaration takes a namespace away: everything in it goes, whatever the policies say of it. */
async function namespaceGoes(api: Api): Promise<void> {
  const labels = {
    'greenflops.io/tenant': 'copper-ai',
    'greenflops.io/priority': 'normal',
    'greenflops.io/jurisdiction': 'jiangxi',
    [CLASS]: 'general',
  };
  const { path, body } = createNamespace(admin, namespace(NEXT, labels));
  await passes(api.ask('POST', path, body));
  await until(
    'an account',
    async () => (await api.ask('GET', `${collection('ServiceAccount', NEXT)}/default`)).code === 200,
  );
  await make(api, admin, deployment('leaves'), NEXT);
  await make(api, admin, claim('leaves'), NEXT);
  await until('its pod', async () => (await list(api, 'Pod', 'leaves', NEXT)).length === 1);
  await passes(api.ask('DELETE', `${NAMESPACES}/${NEXT}`));
  await until('the namespace is gone', async () => (await api.ask('GET', `${NAMESPACES}/${NEXT}`)).code === 404);
}

/** Ordinary work, by the controllers that really run. */
export const goesOnChecks = (api: Api): Check[] => [
  ['a deployment is rolled out, changed, scaled and taken away', () => rollsOut(api)],
  ['jobs and cron jobs run, and go with their pods', () => jobs(api)],
  ['a stateful set gets its pod and its volume', () => sets(api)],
  ['a daemon set gets a pod on its node', () => daemons(api)],
  ['a namespace of a tenant goes with all that is in it', () => namespaceGoes(api)],
];
