import type { Outcome } from '../../../model/checkup.ts';
import type { Pool } from '../../../model/schema/estate.ts';
import { unknown, type Item, type There } from '../context.ts';

export interface Node extends Item {
  readonly spec: {
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status?: { readonly allocatable?: Readonly<Record<string, string>> };
}

/** The nodes of a pool that are there, by the labels or names that the estate gives. */
export async function poolNodes({ reader }: There, { nodes }: Pool): Promise<readonly Node[]> {
  const all = await reader.items<Node>('nodes');
  if ('names' in nodes) return all.filter(({ metadata: { name } }) => nodes.names.includes(name));
  return all.filter(({ metadata: { labels = {} } }) =>
    Object.entries(nodes.selector).every(([key, value]) => labels[key] === value),
  );
}

/** That there is no pool, or that nothing can be told of all, as some have no node (which `nodes` finds); else undefined. */
export async function without(there: There, pools: readonly Pool[]): Promise<Outcome | undefined> {
  if (pools.length === 0) return { ok: NO_POOL };
  const found = await Promise.all(pools.map((pool) => poolNodes(there, pool)));
  const ids = pools.flatMap(({ id }, i) => (found[i]?.length === 0 ? [id] : []));
  if (ids.length === 0) return undefined;
  return unknown(`资源池 ${ids.join('、')} 在集群中还没有节点`, `no node of ${ids.join(', ')} is there yet`);
}

export const NO_POOL = { zh: '这个集群没有资源池', en: 'no pool is on this cluster' };

/** Where the estate declares a pool. */
export const wherePool = ({ where, plan }: There, pool: Pool): string =>
  where(['pools', plan.estate.pools.findIndex(({ id }) => id === pool.id)]);

/** Device plugins offer whole numbers alone, written plainly or in thousands. */
export function units(quantity: string | undefined): number {
  const [, digits = '0', unit = ''] = /^(\d+)(k|M)?$/.exec(quantity ?? '') ?? [];
  return Number(digits) * ({ k: 1e3, M: 1e6 }[unit] ?? 1);
}
