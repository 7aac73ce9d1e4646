import type { Checkup, Trouble } from '../../../../model/checkup.ts';
import { hasTopology } from '../../../../model/queues/pool-resources.ts';
import { some, type There } from '../../context.ts';
import { poolNodes, without, wherePool } from '../pool-nodes.ts';
import { firsts } from './live.ts';

const HOSTNAME = 'kubernetes.io/hostname';

/** Kueue places pods by labels of nodes; where one is missing its queue looks active, and no job ever has a place there. */
export const topology: Checkup<There> = {
  name: { zh: '节点的拓扑标签', en: 'topology labels of nodes' },
  run: async (there) => {
    const { reader, view } = there;
    const troubles: Trouble[] = [];
    const pools = view.pools.filter(hasTopology);
    for (const pool of pools) {
      const found = await poolNodes(there, pool);
      const where = `${wherePool(there, pool)} ${pool.id}`;
      const { racks } = pool;
      for (const key of [HOSTNAME, ...(racks ? [racks.label] : [])]) {
        const bare = found.filter(({ metadata }) => metadata.labels?.[key] === undefined);
        if (bare.length === 0) continue;
        const names = firsts(bare.map(({ metadata }) => metadata.name));
        const value = key === HOSTNAME ? 'NODE' : (racks?.values.join('|') ?? '');
        troubles.push({
          where,
          what: {
            zh: `节点 ${names.zh} 没有拓扑标签 ${key}：队列显示正常，作业却放不到上面`,
            en: `nodes ${names.en} have no topology label ${key}: queues look active, and no job has a place on them`,
          },
          todo: {
            zh: `kubectl --context ${reader.context} label node ${bare.map(({ metadata }) => metadata.name).join(' ')} ${key}=${value}`,
            en: `kubectl --context ${reader.context} label node ${bare.map(({ metadata }) => metadata.name).join(' ')} ${key}=${value}`,
          },
        });
      }
      if (!racks || found.length === 0) continue;
      const seen = new Set(found.flatMap(({ metadata }) => metadata.labels?.[racks.label] ?? []));
      const empty = racks.values.filter((value) => !seen.has(value));
      if (empty.length > 0)
        troubles.push({
          where,
          what: {
            zh: `没有节点的 ${racks.label} 为 ${empty.join('、')}`,
            en: `no node has ${racks.label} ${empty.join(', ')}`,
          },
          todo: { zh: '改正 racks.values，或给节点加上标签', en: 'correct racks.values, or label the nodes' },
        });
      const strange = found.filter(({ metadata }) => {
        const value = metadata.labels?.[racks.label];
        return value !== undefined && !racks.values.includes(value);
      });
      if (strange.length > 0) {
        const names = firsts(strange.map(({ metadata }) => `${metadata.name} (${metadata.labels?.[racks.label]})`));
        troubles.push({
          where,
          what: {
            zh: `节点的 ${racks.label} 不在 racks.values 中：${names.zh}`,
            en: `racks.values does not list what nodes have as ${racks.label}: ${names.en}`,
          },
          todo: { zh: '补上 racks.values，或改正节点的标签', en: 'add it to racks.values, or label the nodes rightly' },
        });
      }
    }
    if (troubles.length > 0) return { troubles };
    return (
      (await without(there, pools)) ?? {
        ok: { zh: `${pools.length} 个资源池都齐全`, en: `all there for ${some(pools.length, 'pool')}` },
      }
    );
  },
};
