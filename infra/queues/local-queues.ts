import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { named } from '../labels.ts';
import { kueueObject, QUEUE } from './kueue.ts';
import { queuesOf } from './queues-of.ts';

/** The door into a tenant's queue in each of its namespaces: `default`, so that Kueue finds it for jobs that name none. */
export const localQueues = (cluster: Cluster): KubernetesObject[] =>
  queuesOf(cluster).flatMap(({ tenant: { id, namespaces } }) =>
    namespaces.map((namespace) => ({
      ...kueueObject('LocalQueue', QUEUE, { clusterQueue: id }),
      metadata: named(QUEUE, namespace),
    })),
  );
