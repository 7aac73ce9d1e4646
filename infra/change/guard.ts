import { inWords, Stop } from '../say.ts';
import { drain } from './drain.ts';
import type { Observed } from './observe.ts';
import { removedPools } from './pool-lines.ts';
import { endangered, runningPods, workText, type Removal } from './workloads.ts';

export interface Draining {
  readonly drain: boolean;
  readonly seconds: number;
}

const tenants = ({ live }: Observed): string[] =>
  [...live.values()].flatMap(({ kind, metadata: { name, labels } }) =>
    kind === 'Namespace' && labels?.['greenflops.io/tenant'] !== undefined ? [name] : [],
  );

/** What a deploy would take away: namespaces and pools that the declaration no longer has. */
export function removalOfDeploy(observed: Observed): Removal {
  const declared = new Set(
    observed.stacks
      .flatMap(({ objects }) => objects)
      .flatMap(({ kind, metadata }) => (kind === 'Namespace' ? [metadata.name] : [])),
  );
  return { namespaces: tenants(observed).filter((name) => !declared.has(name)), pools: removedPools(observed) };
}

/** What a destroy would take away: every tenant and pool, where their stack is among the chosen. */
export const removalOfDestroy = (observed: Observed, chosen: readonly { stack: { name: string } }[]): Removal =>
  chosen.some(({ stack }) => stack.name === 'pools')
    ? { namespaces: tenants(observed), pools: [...observed.view.pools, ...removedPools(observed)] }
    : { namespaces: [], pools: [] };

const nothing = async (): Promise<void> => {};

/**
 * Lets a removal pass where no work would be lost by it. Throws Stop naming namespaces, pods, chips and PFlops where some
 * would, unless it may drain; then resolves when the last pod is gone. The result takes the drain's marks off again.
 */
export async function guard(
  observed: Observed,
  removal: Removal,
  { drain: allowed, seconds }: Draining,
): Promise<() => Promise<void>> {
  if (removal.namespaces.length + removal.pools.length === 0) return nothing;
  const pods = endangered(await runningPods(observed.kubectl), observed, removal);
  if (pods.length === 0) return nothing;
  const { id } = observed.view.cluster;
  const work = workText(pods, observed);
  const going = [...removal.pools.map((pool) => pool.id), ...removal.namespaces].join(' ');
  if (!allowed)
    throw new Stop({
      zh: `${id}：仍有工作在运行，未作任何改动。将要撤去：${going}\n${work.zh}\n请等它们结束，或加上 --drain：暂停作业，经驱逐 API 腾空 Pod（遵守 PodDisruptionBudget），然后继续`,
      en: `${id}: work is running, and nothing was changed. What would go: ${going}\n${work.en}\nWait until it ends, or add --drain: it suspends jobs, evicts the pods by the eviction API (PodDisruptionBudgets hold) and then goes on`,
    });
  console.log(inWords({ zh: `${id}：腾空\n${work.zh}`, en: `${id}: draining\n${work.en}` }));
  return drain(observed, removal, seconds);
}
