import type { Pool } from '../../model/schema/estate.ts';
import type { Labels, NodeLabels } from '../kubernetes.ts';
import { ownKeys } from '../labels.ts';

/** By what the pool's nodes are found: labels that are there already, or the one that named nodes get from here. */
export const nodesOf = ({ id, nodes }: Pool): Labels => ('selector' in nodes ? nodes.selector : ownKeys({ pool: id }));

/** Whoever writes the label; another pool's writer of the same node is refused instead of overwritten. */
export const managerOf = ({ id }: Pool): string => `greenflops-${id}`;

/** The label of each node that the estate names. */
export const nodeLabels = (pool: Pool): NodeLabels[] =>
  'names' in pool.nodes
    ? pool.nodes.names.map((name) => ({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: nodesOf(pool) },
        fieldManager: managerOf(pool),
        takesOver: pool.moved_from !== undefined,
      }))
    : [];
