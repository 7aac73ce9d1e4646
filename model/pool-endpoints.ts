import type { Pool } from './schema/estate.ts';
import type { ExpositionSource, PoolSourceOf } from './schema/sources.ts';

/** One thing that is read for a pool's accelerators. */
export interface PoolEndpoint {
  /** The pool's id, or pool/node where each node has an exporter of its own: the `source` label */
  readonly id: string;
  /** The node whose exporter it is, where the declaration says so */
  readonly node: string | null;
  readonly source: ExpositionSource | Extract<PoolSourceOf, { protocol: 'prometheus' }>;
}

/** What is read for a pool: one text, one text of each named node, or one Prometheus; nothing where it has no telemetry. */
export function poolEndpoints({ id, telemetry, nodes }: Pool): PoolEndpoint[] {
  const source = telemetry?.source;
  if (!source) return [];
  if (source.protocol === 'prometheus') return [{ id, node: null, source }];
  const { url, url_per_node: template, ...rest } = source;
  const names = 'names' in nodes ? nodes.names : [];
  // One text of one node: whatever its cards say of themselves, they are there.
  const [only = null] = names.length === 1 ? names : [];
  if (url !== undefined) return [{ id, node: only, source: { ...rest, url } }];
  return names.map((node) => ({
    id: `${id}/${node}`,
    node,
    source: { ...rest, url: (template ?? '').replaceAll('{node}', node) },
  }));
}
