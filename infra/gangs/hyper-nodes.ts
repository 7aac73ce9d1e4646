import type { Pool } from '../../model/schema/estate.ts';
import { stemmingFrom } from '../admission/origin.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject, Labels } from '../kubernetes.ts';
import { names } from '../labels.ts';
import { nodesOf } from '../pools/node-labels.ts';
import { volcanoObject } from './volcano.ts';

/** How far apart nodes are, from the closest: what a gang may span at most, it says by one of these. */
const tiers = [
  { tier: 1, tierName: 'rack' },
  { tier: 2, tierName: 'pool' },
  { tier: 3, tierName: 'cluster' },
] as const;
const [RACK, POOL, CLUSTER] = tiers;

const nodes = (labels: Labels) => ({ type: 'Node', selector: { labelMatch: { matchLabels: labels } } });
const inside = (name: string) => ({ type: 'HyperNode', selector: { exactMatch: { name } } });

/**
 * The tree by which Volcano keeps a gang together: racks, pools, the cluster. A pool that declares no racks holds its nodes
 * itself; of one that does, a node without a declared rack is in none, and gangs that ask to be kept together pass it by.
 *
 * Where Kueue places by topology (whole chips and slices), it has chosen the nodes before Volcano sees the pods: there a
 * job asks Kueue for a rack (kueue.x-k8s.io/podset-preferred-topology), and these serve pods that Kueue leaves free.
 */
export function hyperNodes({ plan, cluster, pools }: Cluster): KubernetesObject[] {
  if (pools.length === 0) return [];
  const { estate } = plan;
  return [
    ...pools.flatMap((pool) => stemmingFrom(['pools', estate.pools.indexOf(pool)], ofPool(pool))),
    ...stemmingFrom(
      ['clusters', estate.clusters.indexOf(cluster)],
      [
        volcanoObject('HyperNode', `cluster-${cluster.id}`, {
          ...CLUSTER,
          members: pools.map(({ id }) => inside(nameOf(id))),
        }),
      ],
    ),
  ];
}

const nameOf = (pool: string): string => `pool-${pool}`;

function ofPool(pool: Pool): KubernetesObject[] {
  const { id, name, racks } = pool;
  const labels = nodesOf(pool);
  const own = (racks?.values ?? []).map((value) => ({ rack: rackName(id, value), value }));
  const members = racks ? own.map(({ rack }) => inside(rack)) : [nodes(labels)];
  return [
    ...own.map(({ rack, value }) =>
      volcanoObject('HyperNode', rack, { ...RACK, members: [nodes({ ...labels, [racks?.label ?? '']: value })] }),
    ),
    volcanoObject('HyperNode', nameOf(id), { ...POOL, members }, name && names(name)),
  ];
}

/** A label's value may hold capitals, dots and underscores, which a name may not. Two that become one are told at synth. */
const rackName = (pool: string, value: string): string =>
  `rack-${pool}-${value
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}`;
