import type { Pool } from '../../../model/schema/estate.ts';
import type { Item, There } from '../context.ts';

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

/** Where the estate declares a pool. */
export const wherePool = ({ where, plan }: There, pool: Pool): string =>
  where(['pools', plan.estate.pools.findIndex(({ id }) => id === pool.id)]);

/** Device plugins offer whole numbers alone, written plainly or in thousands. */
export function units(quantity: string | undefined): number {
  const [, digits = '0', unit = ''] = /^(\d+)(k|M)?$/.exec(quantity ?? '') ?? [];
  return Number(digits) * ({ k: 1e3, M: 1e6 }[unit] ?? 1);
}
