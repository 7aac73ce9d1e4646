import { hasTopology } from '../../model/queues/pool-resources.ts';
import type { Pool } from '../../model/schema/estate.ts';
import { stemmingFrom } from '../admission/origin.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { names } from '../labels.ts';
import { nodesOf } from '../pools/node-labels.ts';
import { tolerationsOf } from '../pools/taints.ts';
import { CREDITS_FLAVOR, kueueObject } from './kueue.ts';
import { queuesOf } from './queues-of.ts';

const HOSTNAME = 'kubernetes.io/hostname';

/** What Kueue gives a workload of each pool: its nodes, past their taints, and never more than they have. */
export function flavors(cluster: Cluster): KubernetesObject[] {
  const credits = kueueObject('ResourceFlavor', CREDITS_FLAVOR, {});
  return cluster.cluster.role === 'manager'
    ? [credits, ...onManager(cluster)]
    : [credits, ...cluster.pools.flatMap((pool) => onWorker(cluster, pool))];
}

function onWorker({ plan }: Cluster, pool: Pool): readonly KubernetesObject[] {
  const { id, name, racks } = pool;
  const title = name && names(name);
  const levels = [...(racks ? [racks.label] : []), HOSTNAME].map((nodeLabel) => ({ nodeLabel }));
  const spec = { nodeLabels: nodesOf(pool), tolerations: tolerationsOf(pool) };
  return stemmingFrom(
    ['pools', plan.estate.pools.indexOf(pool)],
    hasTopology(pool)
      ? [
          kueueObject('Topology', id, { levels }, title),
          kueueObject('ResourceFlavor', id, { ...spec, topologyName: id }, title),
        ]
      : [kueueObject('ResourceFlavor', id, spec, title)],
  );
}

/**
 * A manager has no nodes: its flavours are the models of its workers' chips. It leaves topology to the worker that takes
 * the job, and a pod template that asks for one fits a flavour with one only.
 */
const onManager = (cluster: Cluster): KubernetesObject[] => {
  const models = new Map(
    queuesOf(cluster).flatMap(({ groups }) => groups.flatMap((group) => group.flavors)).map((one) => [one.name, one]),
  );
  const topological = [...models.values()].filter(({ pools }) => pools.some(hasTopology));
  return [
    ...(topological.length > 0 ? [kueueObject('Topology', 'workers', { levels: [{ nodeLabel: HOSTNAME }] })] : []),
    ...[...models.values()].map((one) =>
      kueueObject(
        'ResourceFlavor',
        one.name,
        topological.includes(one)
          ? { nodeLabels: { 'greenflops.io/accelerator': one.name }, topologyName: 'workers' }
          : {},
      ),
    ),
  ];
};
