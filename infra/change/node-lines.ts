import type { Pool } from '../../model/schema/estate.ts';
import { taintsOf } from '../pools/taints.ts';
import type { Line } from './line.ts';
import { isNodeLabels, type Node, type Observed } from './observe.ts';

export const POOL = 'greenflops.io/pool';

/** The nodes of a pool that are there. */
export const nodesOf = (nodes: ReadonlyMap<string, Node>, of: Pool['nodes']): Node[] =>
  'names' in of
    ? of.names.flatMap((name) => nodes.get(name) ?? [])
    : [...nodes.values()].filter(({ metadata: { labels = {} } }) =>
        Object.entries(of.selector).every(([key, value]) => labels[key] === value),
      );

/** Labels that a deploy would write, and what it cannot write: taints, and nodes that are not there. */
export function nodeLines({ view, chosen, nodes }: Observed): { readonly written: Line[]; readonly missing: Line[] } {
  const labels = chosen.flatMap(({ objects }) => objects).filter(isNodeLabels);
  const written = labels.flatMap(({ metadata: { name, labels: wanted } }): Line[] => {
    const has = nodes.get(name)?.metadata.labels;
    if (!has) return [];
    return Object.entries(wanted).flatMap(([key, value]): Line[] => {
      if (has[key] === value) return [];
      const text = `${name}: ${key} ${has[key] ?? '–'} → ${value}`;
      return [{ subject: 'nodes', text: { zh: text, en: text } }];
    });
  });
  const command = `kubectl --context ${view.cluster.context} taint node`;
  const pools = chosen.some(({ stack }) => stack.name === 'pools') ? view.pools : [];
  const missing = pools.flatMap((pool): Line[] => {
    const own = nodesOf(nodes, pool.nodes);
    const absent = 'names' in pool.nodes ? pool.nodes.names.filter((name) => !nodes.has(name)) : [];
    const wanted = taintsOf(pool);
    const bare = own.flatMap(({ metadata: { name }, spec }) => {
      const lack = wanted.filter(
        (taint) =>
          !spec?.taints?.some(
            (one) => one.key === taint.key && (one.value ?? '') === taint.value && one.effect === taint.effect,
          ),
      );
      return lack.map(({ key, value, effect }) => ({ name, taint: `${key}${value && `=${value}`}:${effect}` }));
    });
    return [
      ...(absent.length > 0
        ? [
            {
              subject: 'nodes' as const,
              text: {
                zh: `${pool.id} 声明的节点尚未加入集群：${absent.join(' ')}`,
                en: `nodes of ${pool.id} that have not joined: ${absent.join(' ')}`,
              },
            },
          ]
        : []),
      ...bare.map(({ name, taint }): Line => ({
        subject: 'nodes',
        text: {
          zh: `${name} 缺少污点 ${taint}：部署不写污点，请运行 ${command} ${name} ${taint}`,
          en: `${name} lacks the taint ${taint}, which no deploy writes: ${command} ${name} ${taint}`,
        },
      })),
    ];
  });
  return { written, missing };
}
