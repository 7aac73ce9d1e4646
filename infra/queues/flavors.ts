import { clusterGroups } from '../../model/queues/tenant-queues.ts';
import { HOSTS_FLAVOR } from '../../model/queues/hosts.ts';
import { hasTopology } from '../../model/queues/pool-resources.ts';
import type { Pool } from '../../model/schema/estate.ts';
import { stemmingFrom } from '../admission/origin.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { names } from '../labels.ts';
import { nodesOf } from '../pools/node-labels.ts';
import { tolerationsOf } from '../pools/taints.ts';
import { CREDITS_FLAVOR, kueueObject } from './kueue.ts';

const HOSTNAME = 'kubernetes.io/hostname';

/** What Kueue gives a workload of each pool: its nodes, past their taints, and never more than they have. */
export function flavors(cluster: Cluster): KubernetesObject[] {
  const { role, kueue } = cluster.cluster;
  const plain = [CREDITS_FLAVOR, ...(kueue.count_hosts ? [HOSTS_FLAVOR] : [])];
  return [
    ...plain.map((name) => kueueObject('ResourceFlavor', name, {})),
    ...(role === 'manager' ? onManager(cluster) : cluster.pools.flatMap((pool) => onWorker(cluster, pool))),
  ];
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
 * the job. A pod template that asks for one fits a flavour with one only, and one that has the level: those are the racks
 * of the pools of the model, wherever they are.
 */
const onManager = ({ plan, cluster, queuedPools }: Cluster): KubernetesObject[] =>
  clusterGroups(plan, cluster, queuedPools)
    .flatMap((group) => group.flavors)
    .filter(({ name }) => name !== HOSTS_FLAVOR)
    .flatMap(({ name, pools }) => {
      const placed = pools.filter(hasTopology);
      if (placed.length === 0) return [kueueObject('ResourceFlavor', name, {})];
      const racks = new Set(placed.flatMap(({ racks: own }) => own?.label ?? []));
      const levels = [...racks, HOSTNAME].map((nodeLabel) => ({ nodeLabel }));
      const spec = { nodeLabels: { 'greenflops.io/accelerator': name }, topologyName: name };
      return [kueueObject('Topology', name, { levels }), kueueObject('ResourceFlavor', name, spec)];
    });
