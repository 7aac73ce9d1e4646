import type { Checkup, Trouble } from '../../../model/checkup.ts';
import { nodesOf } from '../../pools/node-labels.ts';
import { taintsOf } from '../../pools/taints.ts';
import { some, type There } from '../context.ts';
import { poolNodes, without, wherePool } from './pool-nodes.ts';

/** Labels lead pods to a pool, taints keep strangers off it; both are the nodes' own, and no deploy sets the taints. */
export const nodeMarks: Checkup<There> = {
  name: { zh: '节点的标签和污点', en: 'labels and taints of nodes' },
  run: async (there) => {
    const troubles: Trouble[] = [];
    const { view, reader } = there;
    const script = `nodes/label-and-taint.sh`;
    for (const pool of view.pools) {
      const found = await poolNodes(there, pool);
      const at = `${wherePool(there, pool)} ${pool.id}`;
      const add = (what: Trouble['what'], command: string) =>
        void troubles.push({
          where: at,
          what,
          todo: {
            zh: `kubectl --context ${reader.context} ${command}（npm run render 的 ${view.cluster.id}/${script} 含全部命令）`,
            en: `kubectl --context ${reader.context} ${command} (${view.cluster.id}/${script} of npm run render has them all)`,
          },
        });
      for (const [key, value] of Object.entries(nodesOf(pool))) {
        const bare = names(found.filter(({ metadata }) => metadata.labels?.[key] !== value));
        if (bare)
          add(
            { zh: `节点 ${bare} 没有标签 ${key}=${value}`, en: `nodes ${bare} have no label ${key}=${value}` },
            `label node ${bare} ${key}=${value}`,
          );
      }
      for (const { key, value, effect } of taintsOf(pool)) {
        const bare = names(
          found.filter(
            ({ spec: { taints = [] } }) =>
              !taints.some((one) => one.key === key && (one.value ?? '') === value && one.effect === effect),
          ),
        );
        const taint = `${key}${value === '' ? '' : `=${value}`}:${effect}`;
        if (bare)
          add(
            {
              zh: `节点 ${bare} 没有污点 ${taint}：别人的 Pod 会落到上面`,
              en: `nodes ${bare} have no taint ${taint}: pods of others land on them`,
            },
            `taint node ${bare} ${taint}`,
          );
      }
    }
    if (troubles.length > 0) return { troubles };
    return (
      (await without(there, view.pools)) ?? {
        ok: { zh: `${view.pools.length} 个资源池都齐全`, en: `all there for ${some(view.pools.length, 'pool')}` },
      }
    );
  },
};

const names = (nodes: readonly { readonly metadata: { readonly name: string } }[]): string =>
  nodes.map(({ metadata }) => metadata.name).join(' ');
