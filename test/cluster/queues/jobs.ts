import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { pod } from '../pod.ts';
import type { Stage } from '../stage.ts';

type Strings = Readonly<Record<string, string>>;

export interface Asked {
  readonly name: string;
  readonly namespace: string;
  /** Chips of one pod by resource name */
  readonly devices: Readonly<Record<string, number>>;
  /** @default 1 */
  readonly pods?: number;
  /** @default 'general' */
  readonly dataClass?: string;
  /** Name of a WorkloadPriorityClass. @default none named */
  readonly priority?: string;
  /** Further annotations of the pod template */
  readonly annotations?: Strings;
}

const anywhere = { 'kueue.x-k8s.io/podset-unconstrained-topology': 'true' };

/** A Job with all that it needs in a tenant's namespace, whoever adds it. It runs until somebody ends it. */
export function job({
  name,
  namespace,
  devices,
  pods = 1,
  dataClass = 'general',
  priority,
  annotations,
}: Asked): object {
  const labels = { 'greenflops.io/data-class': dataClass };
  const { metadata, spec } = pod(name, { devices, dataClass, spec: { restartPolicy: 'Never' } });
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      labels: {
        ...labels,
        'kueue.x-k8s.io/queue-name': 'default',
        ...(priority !== undefined && { 'kueue.x-k8s.io/priority-class': priority }),
      },
    },
    spec: {
      suspend: true,
      parallelism: pods,
      completions: pods,
      backoffLimit: 0,
      template: {
        metadata: { labels: metadata.labels, annotations: { ...anywhere, ...annotations } },
        spec,
      },
    },
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

interface Workload {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec: { readonly priority?: number; readonly priorityClassRef?: { readonly name: string } };
  readonly status?: {
    readonly clusterName?: string;
    readonly conditions?: readonly Condition[];
    readonly admission?: {
      readonly clusterQueue: string;
      readonly podSetAssignments: readonly { readonly flavors?: Strings; readonly resourceUsage?: Strings }[];
    };
    readonly admissionChecks?: readonly { readonly name: string; readonly state: string; readonly message: string }[];
  };
}

/** Without kubectl's own look at the schemas, which it would fetch anew for each job: 10 MB. */
export async function submit(stage: Stage, ...all: readonly Asked[]): Promise<void> {
  for (const one of all) await stage.accepted(['create', '--validate=false', '-f', '-'], job(one));
}

/** The Workload that Kueue made of a job; undefined where there is none yet. */
export async function workloadOf(stage: Stage, { namespace, name }: Pick<Asked, 'namespace' | 'name'>) {
  const { items } = JSON.parse(await stage.accepted(['get', 'workloads', '-n', namespace, '-o', 'json'])) as {
    items: readonly Workload[];
  };
  return items.find(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.name === name));
}

export const conditionOf = (workload: Workload | undefined, type: string): Condition | undefined =>
  workload?.status?.conditions?.find((one) => one.type === type);

export type State = 'admitted' | 'waiting';

/** Whether a job is admitted now, or what it waits for. A job that Kueue has said nothing of waits, without a reason. */
export function stateOf(workload: Workload | undefined): { readonly state: State; readonly why: string } {
  if (conditionOf(workload, 'Admitted')?.status === 'True') return { state: 'admitted', why: '' };
  const reserved = conditionOf(workload, 'QuotaReserved');
  return { state: 'waiting', why: reserved?.status === 'False' ? `${reserved.reason}: ${reserved.message}` : '' };
}

/** Waits until a job is in a state: for `waiting`, until Kueue has said why. */
export async function becomes(
  stage: Stage,
  asked: Pick<Asked, 'namespace' | 'name'>,
  state: State,
  { within = 30_000, why = /./ } = {},
): Promise<Workload> {
  for (const late = Date.now() + within; ; await setTimeout(150)) {
    const workload = await workloadOf(stage, asked);
    const now = stateOf(workload);
    if (workload && now.state === state && (state === 'admitted' || why.test(now.why))) return workload;
    assert.ok(
      Date.now() < late,
      `${asked.namespace}/${asked.name} is ${now.state}, not ${state}: ${now.why || JSON.stringify(workload?.status)}`,
    );
  }
}

/** The nodes that a job's pods stand on, once there are so many. */
export async function nodesOf(stage: Stage, { namespace, name, pods = 1 }: Pick<Asked, 'namespace' | 'name' | 'pods'>) {
  const path = '{range .items[*]}{.spec.nodeName}{"\\n"}{end}';
  const args = ['get', 'pods', '-n', namespace, '-l', `batch.kubernetes.io/job-name=${name}`, '-o', `jsonpath=${path}`];
  for (const late = Date.now() + 30_000; ; await setTimeout(150)) {
    const nodes = (await stage.accepted(args)).split('\n').filter(Boolean);
    if (nodes.length >= pods) return nodes;
    assert.ok(Date.now() < late, `${namespace}/${name}: ${nodes.length} of ${pods} pods are on nodes`);
  }
}

/** Every job of these namespaces goes, and what Kueue held for it. */
export async function cleared(stage: Stage, ...namespaces: readonly string[]): Promise<void> {
  for (const namespace of namespaces) {
    await stage.accepted(['delete', 'jobs', '--all', '-n', namespace, '--cascade=background', '--timeout=60s']);
    await stage.accepted(['delete', 'pods', '--all', '-n', namespace, '--force', '--grace-period=0', '--timeout=60s']);
  }
  for (const late = Date.now() + 30_000; ; await setTimeout(150)) {
    const names = await Promise.all(
      namespaces.map((namespace) => stage.accepted(['get', 'workloads', '-n', namespace, '-o', 'name'])),
    );
    if (names.every((text) => text === '')) return;
    assert.ok(Date.now() < late, `workloads are left: ${names.join(' ')}`);
  }
}
