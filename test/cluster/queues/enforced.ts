import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import { pod } from '../pod.ts';
import type { Proving } from '../proving.ts';
import { becomes, cleared, nodesOf, submit, type Asked } from './jobs.ts';
import { configurationOf, type Kueue } from './kueue.ts';
import { ACCOUNT } from './rights.ts';

const B3 = 'huawei.com/Ascend910B3';
const CREDITS = 'greenflops.io/gflops-fp16';

/** Where the controller runs, and the plane that it looks after. */
export interface Enforced {
  readonly stage: Proving;
  readonly kueue: Kueue;
}

/** What a queue uses of a resource by Kueue's own metrics; undefined where they do not say. */
async function usage(kueue: Kueue, queue: string, resource: string): Promise<number | undefined> {
  const line = (await kueue.metrics())
    .split('\n')
    .find(
      (one) =>
        one.startsWith('kueue_cluster_queue_resource_usage{') &&
        one.includes(`cluster_queue="${queue}"`) &&
        one.includes(`resource="${resource}"`),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
}

/** Waits until the metrics say so: they follow the cache by a moment. */
async function measures(kueue: Kueue, resource: string, expected: number): Promise<void> {
  for (const late = Date.now() + 20_000; ; await setTimeout(250)) {
    const now = await usage(kueue, 'copper-ai', resource);
    if (now === expected) return;
    assert.ok(Date.now() < late, `copper-ai uses ${now} of ${resource} by the metrics, not ${expected}`);
  }
}

const wide: Asked = {
  name: 'wide',
  namespace: 'copper-train',
  devices: { [B3]: 8 },
  pods: 12, // 96 chips, 30.048 PFlops: one chip more than 20 and 10 borrowed
  priority: 'greenflops-normal',
};

/** With the generated configuration the metrics count chips and credits alike. */
async function counted({ stage, kueue }: Enforced): Promise<void> {
  const fits = { ...wide, name: 'fits', pods: 5 };
  await submit(stage, fits);
  await becomes(stage, fits, 'admitted');
  await measures(kueue, B3, 40);
  await measures(kueue, CREDITS, 40 * 313_000);
  await submit(stage, { ...wide, namespace: 'copper-serve' });
  await becomes(stage, { ...wide, namespace: 'copper-serve' }, 'waiting', { why: /ExceedsMaxQuota|WaitingForQuota/ });
  await cleared(stage, 'copper-train', 'copper-serve');
}

/** Without transformations nothing is charged: what is beyond the quota is admitted, and only the metrics tell. */
async function failsOpen({ stage, kueue }: Enforced): Promise<void> {
  const configuration = configurationOf(stage);
  const { transformations: _, ...resources } = configuration['resources'] as { transformations: unknown };
  await kueue.restart({ ...configuration, resources });
  try {
    await submit(stage, wide);
    const { status } = await becomes(stage, wide, 'admitted');
    const used = status?.admission?.podSetAssignments[0]?.resourceUsage;
    assert.deepEqual(used, { [B3]: '96' }, 'no credits in the usage');
    await measures(kueue, B3, 96);
    await measures(kueue, CREDITS, 0); // chips in use and no credits: the canary
  } finally {
    await kueue.restart(configuration);
    await cleared(stage, 'copper-train');
  }
}

/** The queue label and nothing else of ours, as a member of the tenant submits it. */
async function shortest({ stage }: Enforced): Promise<void> {
  const { spec } = pod('short', { devices: { [B3]: 1 }, spec: { restartPolicy: 'Never' } });
  const { metadata, ...rest } = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'short', namespace: 'copper-train', labels: { 'kueue.x-k8s.io/queue-name': 'default' } },
    spec: { template: { spec } },
  };
  const as = ['--as=member', '--as-group=greenflops:tenant:copper-ai', '--as-group=system:authenticated'];
  await stage.accepted(['create', '-f', '-', ...as], { ...rest, metadata });
  // Kueue's webhook names the queue of a job that names none: there is a LocalQueue `default`.
  await stage.accepted(['create', '-f', '-', ...as], {
    ...rest,
    metadata: { name: 'none', namespace: 'copper-train' },
  });
  for (const name of ['short', 'none']) {
    await becomes(stage, { name, namespace: 'copper-train' }, 'admitted');
    for (const node of await nodesOf(stage, { name, namespace: 'copper-train' }))
      assert.ok(node.startsWith('nc-910b-'), node);
  }
  await cleared(stage, 'copper-train');
}

/** Whatever the controller asked the API server for in all of this, no policy refused it. */
function nothingRefused({ stage }: Enforced): void {
  const who = `system:serviceaccount:kueue-system:${ACCOUNT}`;
  interface Event {
    readonly user: { readonly username: string };
    readonly verb: string;
    readonly requestURI: string;
    readonly responseStatus?: { readonly code: number; readonly message?: string };
  }
  const own = readFileSync(stage.plane.auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes(who))
    .map((line) => JSON.parse(line) as Event)
    .filter(({ user }) => user.username === who);
  assert.ok(own.length > 100, `${own.length} requests of the controller are in the audit log`);
  // Kubernetes itself refuses a patch of a job that has changed meanwhile, and the controller tries again: that is no policy.
  const ours = /AdmissionPolicy|exceeded quota|PodSecurity|cannot \w+ resource/;
  const refused = own.filter(({ responseStatus }) => ours.test(responseStatus?.message ?? ''));
  assert.deepEqual(
    refused.map(({ verb, requestURI, responseStatus }) => `${verb} ${requestURI}: ${responseStatus?.message}`),
    [],
  );
  for (const kind of ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'])
    shown(kind, 'behaves', 'a job with the queue label and nothing else runs');
}

export const enforcedChecks = (at: () => Enforced): Check[] => [
  ['configuration: chips and credits are counted, and the metrics say so', () => counted(at())],
  ['configuration: without its transformations all is admitted uncharged, and the metrics tell', () => failsOpen(at())],
  ['policies: a job with the queue label and nothing else runs, and one without takes `default`', () => shortest(at())],
  ["policies: nothing that Kueue's controller asked for was refused", () => nothingRefused(at())],
];
