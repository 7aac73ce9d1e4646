import { unless, type Checkup, type Trouble } from '../../../model/checkup.ts';
import { some, type There } from '../context.ts';
import { NO_POOL, poolNodes, wherePool } from './pool-nodes.ts';

export const nodes: Checkup<There> = {
  name: { zh: '资源池的节点', en: 'nodes of the pools' },
  run: async (there) => {
    const troubles: Trouble[] = [];
    const { pools } = there.view;
    if (pools.length === 0) return { ok: NO_POOL };
    for (const pool of pools) {
      const found = await poolNodes(there, pool);
      const at = `${wherePool(there, pool)} ${pool.id}`;
      if ('names' in pool.nodes) {
        const missing = pool.nodes.names
          .filter((name) => !found.some(({ metadata }) => metadata.name === name))
          .join(', ');
        if (missing)
          troubles.push({
            where: at,
            what: { zh: `集群中没有节点 ${missing}`, en: `the cluster has no node ${missing}` },
            todo: { zh: '让它加入集群，或改正 nodes.names', en: 'let it join, or correct nodes.names' },
          });
      } else if (found.length === 0) {
        const labels = Object.entries(pool.nodes.selector)
          .map(([key, value]) => `${key}=${value}`)
          .join(',');
        troubles.push({
          where: at,
          what: { zh: `没有节点带有标签 ${labels}`, en: `no node is labelled ${labels}` },
          todo: {
            zh: `kubectl --context ${there.reader.context} label node 节点 ${labels.replaceAll(',', ' ')}，或改正 nodes.selector`,
            en: `kubectl --context ${there.reader.context} label node NODE ${labels.replaceAll(',', ' ')}, or correct nodes.selector`,
          },
        });
      }
    }
    return unless(troubles, {
      zh: `${pools.length} 个资源池的节点都在`,
      en: `those of ${some(pools.length, 'pool')} are there`,
    });
  },
};
