import { stringify } from 'yaml';
import type { Pool } from '../../model/schema/estate.ts';
import { managerOf, nodesOf } from './node-labels.ts';
import { taintsOf, type Taint } from './taints.ts';

/** A file for those who set nodes up; no Kubernetes object. */
export interface NodeFile {
  readonly name: string;
  readonly text: string;
}

/** Names of such files, so that those of an earlier declaration are known again. */
export const NODE_FILE = /^(90-greenflops-[a-z0-9-]+\.conf|label-and-taint\.sh)$/;

/**
 * What the nodes of a cluster's pools need and no deployment may do: Terraform's provider would overwrite the whole list of
 * a node's taints, and applying a Node would create one. A kubelet fragment for each pool with taints, which holds from
 * the moment at which a node joins, and one script that brings nodes up to it that have joined already.
 */
export function nodeFiles(context: string, pools: readonly Pool[]): NodeFile[] {
  const tainted = pools.filter((pool) => taintsOf(pool).length > 0);
  return pools.length === 0
    ? []
    : [
        ...tainted.map((pool) => ({ name: `90-greenflops-${pool.id}.conf`, text: kubelet(pool) })),
        { name: 'label-and-taint.sh', text: script(context, pools) },
      ];
}

/** The kubelet reads *.conf of its --config-dir in the order of their names; a list of a later file replaces an earlier one's. */
const kubelet = (pool: Pool): string =>
  `# 资源池 ${pool.id}：放入节点 kubelet 的 --config-dir，节点加入集群时即带有污点；它替换其他文件中的 registerWithTaints
# pool ${pool.id}: into --config-dir of the node's kubelet, which then joins with the taints; it replaces registerWithTaints of other files
${'names' in pool.nodes ? `# --node-labels=${written(nodesOf(pool))}\n` : ''}${stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    registerWithTaints: taintsOf(pool),
  })}`;

const written = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

const taintText = ({ key, value, effect }: Taint): string => `${key}${value === '' ? '' : `=${value}`}:${effect}`;

/** A word that the shell takes as it is. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const script = (context: string, pools: readonly Pool[]): string => `#!/bin/sh
# 给已加入集群的节点补标签和污点；可重复运行，已有的不再改写。参数原样传给 kubectl（如 --dry-run=server）
# Labels and taints for nodes that have joined already. Run it as often as you like: what is there is not written again.
# Its arguments go to kubectl as they are (--dry-run=server).
set -u
failed=0
k() { kubectl --context ${quoted(context)} "$@" || failed=1; }
${pools
  .flatMap((pool) => [
    '',
    // One line, whatever the name holds: the next one would be a command.
    `# ${pool.id}${pool.name ? `: ${pool.name.zh} / ${pool.name.en}` : ''}`.replaceAll(/\s+/g, ' '),
    ...commandsOf(pool).map((command) => `${command} "$@"`),
  ])
  .join('\n')}

exit "$failed"
`;

function commandsOf(pool: Pool): string[] {
  const end = `--overwrite --field-manager=${managerOf(pool)}`;
  const taints = taintsOf(pool)
    .map((taint) => quoted(taintText(taint)))
    .join(' ');
  const labels = Object.entries(nodesOf(pool)).map(([key, value]) => quoted(`${key}=${value}`));
  if ('names' in pool.nodes) {
    const nodes = pool.nodes.names.map(quoted).join(' ');
    return [
      `k label node ${nodes} ${labels.join(' ')} ${end}`,
      ...(taints === '' ? [] : [`k taint node ${nodes} ${taints} ${end}`]),
    ];
  }
  const selector = quoted(written(nodesOf(pool)));
  return taints === '' ? [] : [`k taint node -l ${selector} ${taints} ${end}`];
}
