import type { Cluster, Pool } from '../../model/schema/estate.ts';
import { hasTopology } from '../../model/queues/pool-resources.ts';
import type { Text } from '../../model/text.ts';
import { HOSTS_FLAVOR } from '../../model/queues/hosts.ts';
import { CREDITS_FLAVOR } from '../queues/kueue.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** What keeps a flavour from ever finding the pool's chips on nodes, by where in the pool it is told. */
const faults: readonly ((pool: Pool) => { at: readonly (string | number)[]; detail: Text } | undefined)[] = [
  ({ id }) =>
    RESERVED.has(id)
      ? {
          at: ['id'],
          detail: {
            zh: `Kueue 的资源类型（ResourceFlavor）以资源池命名，而 ${id} 已有它用：请换一个编号`,
            en: `a flavour of Kueue is named after the pool, and ${id} is one that the toolkit makes for itself: take another id`,
          },
        }
      : undefined,
  (pool) =>
    hasTopology(pool) && 'selector' in pool.nodes && Object.keys(pool.nodes.selector).length === 0
      ? {
          at: ['nodes', 'selector'],
          detail: {
            zh: '空的 selector 会选中集群的所有节点，而 Kueue 的拓扑要求至少一个节点标签：请写该池节点的标签，或用 names 列出节点',
            en: 'an empty selector means every node of the cluster, and Kueue places pods by one label at least: write a label of the nodes, or list them as names',
          },
        }
      : undefined,
  ({ nodes, count }) =>
    'names' in nodes && nodes.names.length > count
      ? {
          at: ['nodes', 'names'],
          detail: {
            zh: `列出了 ${nodes.names.length} 个节点，而资源池只有 ${count} 张卡：有的节点没有卡，Kueue 会等不到它们。请改正 count 或 names`,
            en: `${nodes.names.length} nodes are listed and the pool has ${count} cards, so some have none and nothing would ever be placed there: correct count or names`,
          },
        }
      : undefined,
  ({ nodes, racks }) => {
    const rack = racks && 'selector' in nodes ? nodes.selector[racks.label] : undefined;
    if (!racks || rack === undefined) return undefined;
    const never = racks.values.filter((value) => value !== rack);
    if (never.length === 0) return undefined;
    return {
      at: ['racks', 'values'],
      detail: {
        zh: `nodes.selector 只选 ${racks.label}=${rack} 的节点，机架 ${never.join('、')} 里永远没有该池的节点：请去掉它们，或放宽 selector`,
        en: `nodes.selector takes nodes of ${racks.label}=${rack} alone, so the racks ${never.join(', ')} never have a node of the pool: take them out, or widen the selector`,
      },
    };
  },
];

/** Flavours that are no pool's: that of credits, and that of CPU and memory. */
const RESERVED: ReadonlySet<string> = new Set([CREDITS_FLAVOR, HOSTS_FLAVOR]);

const queued = (clusters: readonly Cluster[], { cluster }: Pool): boolean =>
  clusters.some(({ id, role, kueue }) => id === cluster && role === 'worker' && kueue.enabled);

/** A flavour without nodes is admitted to and never runs. */
export const flavorNodes: Rule = ({ estate }) =>
  estate.pools.flatMap((pool, i): Obstacle[] =>
    queued(estate.clusters, pool)
      ? faults.flatMap((faultOf) => {
          const found = faultOf(pool);
          return found ? [{ path: ['pools', i, ...found.at], detail: found.detail }] : [];
        })
      : [],
  );
