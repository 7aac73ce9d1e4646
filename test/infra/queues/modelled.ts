import { clusters, type Cluster } from '../../../infra/cluster.ts';
import { obstaclesOf, requireDeployable } from '../../../infra/deployable.ts';
import type { KubernetesObject } from '../../../infra/kubernetes.ts';
import { kueueConfiguration } from '../../../infra/queues/config/configuration.ts';
import { dispatch } from '../../../infra/stacks/dispatch.ts';
import { pools } from '../../../infra/stacks/pools.ts';
import { queues } from '../../../infra/stacks/queues.ts';
import type { Draft } from '../../../model/checks/check.ts';
import { checks } from '../../../model/checks/index.ts';
import { loadPlan } from '../../../model/load.ts';
import type { Plan } from '../../../model/plan.ts';
import { estate as schema, type Pool } from '../../../model/schema/estate.ts';
import { KueueModel } from './kueue-model.ts';
import type { ModelNode } from './kueue-model-nodes.ts';
import { ProvinceModel } from './kueue-model-province.ts';
import { inFolder } from './province.ts';

/** A cluster with what is rendered for it. */
export interface Rendered {
  readonly view: Cluster;
  readonly objects: readonly KubernetesObject[];
  readonly configuration: ReturnType<typeof kueueConfiguration>;
  readonly nodes: readonly ModelNode[];
}

/** What pods ask for to get chips of a pool, by slice, with how many of it the pool has. One device plugin runs, of the first name. */
function offered(plan: Plan, pool: Pool): { name: string; count: number; slice?: string }[] {
  const chip = plan.accelerators.get(pool.accelerator);
  if (!chip) throw new Error(`no ${pool.accelerator} in the catalogue`);
  const chips = pool.count * chip.dies_per_package;
  const { sharing } = pool;
  switch (sharing.by) {
    case 'whole':
      return [{ name: pool.resource ?? Object.values(chip.resources)[0] ?? '', count: chips }];
    case 'slices':
      return Object.entries(sharing.slices).map(([slice, count]) => ({
        name: chip.slices[slice]?.resource ?? '',
        count,
        slice,
      }));
    case 'time-slicing':
      return [{ name: chip.shared_resource ?? '', count: chips * sharing.replicas }];
    default:
      return []; // on no node as a resource that topology could count
  }
}

/** Nodes of eight chips each, the last with the rest, spread over the pool's racks. */
function nodesOf(plan: Plan, pool: Pool): ModelNode[] {
  const count = Math.ceil(pool.count / 8);
  return Array.from({ length: count }, (_, i) => {
    const part = (all: number): number => Math.floor((all * (i + 1)) / count) - Math.floor((all * i) / count);
    const name = 'names' in pool.nodes ? (pool.nodes.names[i] ?? `${pool.id}-${i}`) : `${pool.id}-${i}`;
    const rack = pool.racks && { [pool.racks.label]: pool.racks.values[i % pool.racks.values.length] ?? '' };
    return {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        ...('names' in pool.nodes ? { 'greenflops.io/pool': pool.id } : pool.nodes.selector),
        ...rack,
      },
      offers: Object.fromEntries(offered(plan, pool).map((one) => [one.name, part(one.count)])),
    };
  });
}

/** What synth makes of an estate, cluster by cluster; throws PlanError where it refuses it. */
export const rendered = (estate: string): { plan: Plan; all: Map<string, Rendered> } =>
  inFolder(estate, (dir) => {
    const plan = loadPlan(dir);
    requireDeployable(dir, plan);
    return { plan, all: renderedOf(plan) };
  });

function renderedOf(plan: Plan): Map<string, Rendered> {
  const all = new Map<string, Rendered>();
  for (const view of clusters(plan, () => ({})))
    if (view.cluster.kueue.enabled)
      all.set(view.cluster.id, {
        view,
        objects: [pools, dispatch, queues].flatMap((stack) => stack.objects(view)),
        configuration: kueueConfiguration(view),
        nodes: view.pools.flatMap((pool) => nodesOf(plan, pool)),
      });
  return all;
}

const shipped = loadPlan('plan');

/** The same of many estates, without files: what synth refuses of one, in English, or what it makes of it. */
export function tried(
  written: unknown,
): { refused: string[] } | { refused: undefined; plan: Plan; all: Map<string, Rendered> } {
  const estate = schema.parse(written);
  const plan: Plan = { ...shipped, estate };
  const accelerators = { schema: 'greenflops/v1' as const, accelerators: [...shipped.accelerators.values()] };
  const draft: Draft = { raw: { estate: written }, data: { estate, accelerators }, line: () => 0 };
  const refused = [
    ...checks.flatMap((check) => check(draft)).map(({ fault: { code } }) => code),
    ...obstaclesOf(plan).map(({ detail }) => detail.en),
  ];
  return refused.length > 0 ? { refused } : { refused: undefined, plan, all: renderedOf(plan) };
}

export const modelOf = ({ objects, configuration, nodes }: Rendered): KueueModel =>
  new KueueModel(objects, configuration, nodes);

/** A manager with all the workers that there are. */
export function provinceOf(all: ReadonlyMap<string, Rendered>, manager: string) {
  const top = all.get(manager);
  if (!top) throw new Error(`no ${manager}`);
  const workers = new Map([...all].filter(([id]) => id !== manager).map(([id, one]) => [id, modelOf(one)]));
  return { workers, province: new ProvinceModel(modelOf(top), top.objects, workers) };
}
