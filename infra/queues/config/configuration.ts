import { CREDITS } from '../../../model/queues/credits.ts';
import { claimResource } from '../../../model/queues/pool-resources.ts';
import { workersOf } from '../../../model/queues/scope.ts';
import { acceleratorOf } from '../../../model/accelerator-of.ts';
import { transformations } from '../../../model/queues/transformations.ts';
import type { Cluster } from '../../cluster.ts';
import { TENANT } from '../../guardrails/policies/policy.ts';
import { controllerFrameworks } from '../../guardrails/roles/controllers.ts';

/** Of Kubernetes' own kinds those that tenants submit. A manager hands jobs on and nothing else: no pod runs there. */
const FRAMEWORKS: Readonly<Record<Cluster['cluster']['role'], readonly string[]>> = {
  worker: ['batch/job', 'pod', 'deployment', 'statefulset'],
  manager: ['batch/job'],
  karmada: [],
};

/** The kinds that a cluster's Kueue knows, by its own names for them. */
export const kueueFrameworks = (view: Pick<Cluster, 'cluster'>): string[] => [
  ...FRAMEWORKS[view.cluster.role],
  ...controllerFrameworks(view),
];

/** Names that no queue counts: of a pod with one name that its queue lacks Kueue says nothing at all, and it waits for ever. */
const UNCOUNTED = ['ephemeral-storage', 'hugepages-'];
const HOSTS = ['cpu', 'memory'];

/**
 * The whole Configuration of a cluster's Kueue controller (config.kueue.x-k8s.io/v1beta2, Kueue 0.19 or newer, which reads
 * it strictly). Ports, concurrency and leader election are those of its release, whose Services, probes and roles know
 * them. `internalCertManagement` is left out: Kueue makes its certificates where nothing is said, and the Helm chart says
 * what goes with its own switch for cert-manager.
 */
export function kueueConfiguration(view: Cluster) {
  const { cluster, plan, queuedPools } = view;
  const manager = cluster.role === 'manager';
  const claimed = queuedPools.filter(({ sharing }) => sharing.by === 'dra');
  return {
    apiVersion: 'config.kueue.x-k8s.io/v1beta2',
    kind: 'Configuration',
    namespace: cluster.kueue.namespace,
    health: { healthProbeBindAddress: ':8081' },
    // Off by default: without it Kueue exports no quota, and nobody sees that it is not in force.
    metrics: { bindAddress: ':8443', enableClusterQueueResources: true },
    webhook: { port: 9443 },
    leaderElection: { leaderElect: true, resourceName: 'c1f6bfd2.kueue.x-k8s.io' },
    controller: {
      groupKindConcurrency: {
        'Job.batch': 5,
        Pod: 5,
        'Workload.kueue.x-k8s.io': 10,
        'LocalQueue.kueue.x-k8s.io': 5,
        'Cohort.kueue.x-k8s.io': 1,
        'ClusterQueue.kueue.x-k8s.io': 5,
        'ResourceFlavor.kueue.x-k8s.io': 1,
      },
    },
    clientConnection: { qps: 300, burst: 500 },
    manageJobsWithoutQueueName: false, // each namespace has the LocalQueue `default`, and a policy demands a queue
    managedJobsNamespaceSelector: { matchExpressions: [{ key: TENANT, operator: 'Exists' }] },
    integrations: { frameworks: kueueFrameworks(view) },
    // Equal jobs share one verdict; with the first gate each of them says why it waits.
    featureGates: { UnadmittedWorkloadsExplicitStatus: true, ...(claimed.length > 0 && { KueueDRAIntegration: true }) },
    resources: {
      quotaCheckStrategy: 'BlockUndeclared',
      excludeResourcePrefixes: [
        ...(cluster.kueue.count_hosts ? [] : HOSTS),
        ...UNCOUNTED,
        ...openResources(view),
        ...unsizedMemory(view),
      ],
      transformations: transformations(plan, queuedPools).rows.map(({ resource, credits }) => ({
        input: resource,
        strategy: 'Retain',
        outputs: { [CREDITS]: String(credits) },
      })),
      ...(claimed.length > 0 && {
        deviceClassMappings: claimed.map((pool) => ({ name: claimResource(pool), deviceClassNames: [pool.id] })),
      }),
    },
    // Each manager of a worker marks what is its own; after 15 minutes without a worker its jobs go to another one.
    ...(manager && { multiKueue: { origin: cluster.id, gcInterval: '1m', workerLostTimeout: '15m' } }),
  };
}

/** Memory of chips shared by HAMi whose size the catalogue does not know: no queue has so much of it. */
const unsizedMemory = ({ plan, queuedPools }: Cluster): string[] => [
  ...new Set(
    queuedPools.flatMap((pool) => {
      const { memory, memory_per_chip: size } = (pool.sharing.by === 'hami' && acceleratorOf(plan, pool)?.hami) || {};
      return memory !== undefined && size === undefined ? [memory] : [];
    }),
  ),
];

/** What the estate lets tenants ask for without a quota; of a manager, on any of its workers. */
export function openResources({ cluster, plan }: Cluster): string[] {
  const workers = cluster.role === 'manager' ? workersOf(plan.estate, cluster) : [];
  return [...new Set([cluster, ...workers].flatMap(({ resources }) => resources))].toSorted();
}
