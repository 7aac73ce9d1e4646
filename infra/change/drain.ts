import { setTimeout } from 'node:timers/promises';
import { inWords, Stop } from '../say.ts';
import type { Labels } from '../kubernetes.ts';
import { modelOf, resourceNames } from './figures.ts';
import type { Kubectl } from './kubectl.ts';
import type { Live } from './live.ts';
import type { Observed } from './observe.ts';
import { endangered, podsText, runningPods, workText, type Pod, type Removal } from './workloads.ts';

/** The quota that keeps new pods out while the old ones leave; its removal lets them in again. */
const QUOTA = 'greenflops-drain';
const ROUND_MS = 1000;

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}
interface Budget extends Live {
  readonly spec: { readonly selector?: Selector };
  readonly status?: { readonly disruptionsAllowed?: number };
}
interface Job extends Live {
  readonly spec: { readonly suspend?: boolean };
}

/**
 * Empties what a removal would end: no new pods, CronJobs and Jobs suspended, the rest evicted by the eviction API. A Job's
 * suspension deletes its pods past every budget, so it waits until the budgets over them would allow as many evictions.
 * Resolves when all are gone; throws Stop after `seconds` with what still stands and which budget holds it.
 */
export async function drain(observed: Observed, removal: Removal, seconds: number): Promise<() => Promise<void>> {
  const { kubectl, view } = observed;
  const all = endangered(await runningPods(kubectl), observed, removal);
  const spaces = [...new Set([...removal.namespaces, ...all.map(({ metadata }) => metadata.namespace ?? '')])];
  for (const namespace of spaces) await close(observed, removal, namespace);
  const undo = async (): Promise<void> => {
    for (const namespace of spaces)
      await kubectl.run(['delete', 'resourcequota', QUOTA, '-n', namespace, '--ignore-not-found']);
  };
  let said = '';
  for (const late = Date.now() + seconds * 1000; ;) {
    const left = endangered(await runningPods(kubectl), observed, removal);
    if (left.length === 0) return undo;
    const held = await round(kubectl, left);
    const still = endangered(await runningPods(kubectl), observed, removal);
    if (still.length === 0) return undo;
    const work = workText(still, observed);
    const told = inWords({
      zh: `等待 ${still.length} 个 Pod 离开${held.length > 0 ? `；${held.join('，')}` : ''}`,
      en: `waiting for ${podsText(still.length)} to leave${held.length > 0 ? `; ${held.join(', ')}` : ''}`,
    });
    if (told !== said) console.log((said = told));
    if (Date.now() >= late)
      throw new Stop({
        zh: `${view.cluster.id}：${seconds} 秒内未能腾空，未删除任何东西：\n${work.zh}\n${held.join('\n')}\n可延长 --drain-timeout 秒，或处理上述 PodDisruptionBudget；放弃则运行 ${lift(kubectl, spaces)}`,
        en: `${view.cluster.id}: not empty after ${seconds} s, and nothing was removed:\n${work.en}\n${held.join('\n')}\nGive it longer (--drain-timeout SECONDS) or see to the PodDisruptionBudgets above; to give up: ${lift(kubectl, spaces)}`,
      });
    await setTimeout(ROUND_MS);
  }
}

const lift = ({ context }: Kubectl, spaces: readonly string[]): string =>
  spaces.map((namespace) => `kubectl --context ${context} delete resourcequota ${QUOTA} -n ${namespace}`).join('; ');

/** No new pod comes in: none at all where the namespace goes, none with the pool's chips where only the pool does. */
async function close({ kubectl, view }: Observed, { namespaces, pools }: Removal, namespace: string): Promise<void> {
  const names = pools.flatMap((pool) => {
    const model = modelOf(view.plan, pool);
    return model ? resourceNames(model) : [];
  });
  const hard = namespaces.includes(namespace)
    ? { pods: '0' }
    : Object.fromEntries([...new Set(names)].map((name) => [`requests.${name}`, '0']));
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: QUOTA, namespace }, spec: { hard } };
  await kubectl.need(['apply', '--server-side', '--field-manager=greenflops', '-f', '-'], JSON.stringify(quota));
  const { items = [] } = await kubectl.json<{ items?: readonly Job[] }>(['get', 'cronjobs', '-n', namespace]);
  // A CronJob asks for chips in its template; it is suspended with its namespace alone.
  for (const { metadata, spec } of namespaces.includes(namespace) ? items : [])
    if (!spec.suspend) await suspend(kubectl, 'cronjob', namespace, metadata.name);
}

const suspend = (kubectl: Kubectl, kind: string, namespace: string, name: string) =>
  kubectl.need(['patch', kind, name, '-n', namespace, '--type=merge', '-p', '{"spec":{"suspend":true}}']);

/** Asks every pod once to leave; the budgets that forbade it, each with what it holds. */
async function round(kubectl: Kubectl, pods: readonly Pod[]): Promise<string[]> {
  const held = new Map<string, number>();
  const hold = (by: string) => held.set(by, (held.get(by) ?? 0) + 1);
  for (const [namespace, own] of Map.groupBy(pods, ({ metadata }) => metadata.namespace ?? '')) {
    const budgets = await kubectl.items<Budget>(['get', 'poddisruptionbudgets', '-n', namespace]);
    const over = (pod: Pod) => budgets.filter((budget) => selects(budget.spec.selector, pod.metadata.labels ?? {}));
    const named = (found: readonly Budget[]) =>
      found.map(({ metadata }) => `PodDisruptionBudget ${namespace}/${metadata.name}`).join(' ');
    const jobs = Map.groupBy(own, (pod) => pod.metadata.ownerReferences?.find(({ kind }) => kind === 'Job')?.name);
    for (const [job, members] of jobs) {
      const present = members.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      if (job !== undefined) {
        const blocking = budgets.filter((budget) => {
          const count = present.filter((pod) => over(pod).includes(budget)).length;
          return count > (budget.status?.disruptionsAllowed ?? 0) && count > 0;
        });
        if (blocking.length > 0) for (const _ of present) hold(named(blocking));
        else if (present.length > 0) await suspend(kubectl, 'job', namespace, job);
        continue;
      }
      for (const pod of present) {
        const { name } = pod.metadata;
        const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
        const { code, stderr } = await kubectl.run(
          ['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, '-f', '-'],
          JSON.stringify(eviction),
        );
        if (code === 0 || /NotFound|not found/.test(stderr)) continue;
        hold(
          /TooManyRequests|disruption budget/.test(stderr)
            ? named(over(pod))
            : `${namespace}/${name}: ${stderr.trim()}`,
        );
      }
    }
  }
  return [...held].map(([by, count]) =>
    inWords({ zh: `${by} 挡住 ${count} 个 Pod`, en: `${by} holds ${podsText(count)}` }),
  );
}

/** As the API server reads a label selector. One that is absent selects nothing, an empty one everything. */
export function selects(selector: Selector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      if (operator === 'In') return value !== undefined && values.includes(value);
      return value === undefined || !values.includes(value);
    })
  );
}
