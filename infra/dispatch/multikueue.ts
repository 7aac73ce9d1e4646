import { workersOf } from '../../model/queues/scope.ts';
import type { Cluster as Declared, Tenant } from '../../model/schema/estate.ts';
import { stemmingFrom } from '../admission/origin.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { kueueObject } from '../queues/kueue.ts';
import { queuesOf } from '../queues/queues-of.ts';
import { workersOfTenant } from './workers.ts';

/** The Secret in the manager's Kueue namespace in which a worker's kubeconfig lies, where the estate names no other. */
export const secretOf = ({ id, kueue: { kubeconfig } }: Declared): string | undefined =>
  kubeconfig === undefined ? `${id}-kubeconfig` : 'secret' in kubeconfig ? kubeconfig.secret : undefined;

/** How a manager's Kueue reaches a worker: by name alone. What is in the kubeconfig no declaration and no state ever holds. */
const locationOf = ({ id, kueue: { kubeconfig } }: Declared) =>
  kubeconfig !== undefined && 'file' in kubeconfig
    ? { locationType: 'Path', location: kubeconfig.file }
    : { locationType: 'Secret', location: kubeconfig?.secret ?? `${id}-kubeconfig` };

const handsOn = ({ cluster }: Cluster): boolean => cluster.role === 'manager' && cluster.kueue.enabled;

/** Tenants whose jobs the manager hands on, with where to. */
const tenantsOf = (view: Cluster): { tenant: Tenant; workers: Declared[] }[] =>
  handsOn(view)
    ? queuesOf(view).flatMap(({ tenant }) => {
        const workers = workersOfTenant(view, tenant);
        return workers.length > 0 ? [{ tenant, workers }] : [];
      })
    : [];

const ofTenant = ({ plan: { estate } }: Cluster, tenant: Tenant, object: KubernetesObject) =>
  stemmingFrom(['tenants', estate.tenants.indexOf(tenant)], [object]);

/** The workers of a manager, and for each tenant those that may have its jobs. */
export function multiKueue(view: Cluster): KubernetesObject[] {
  if (!handsOn(view)) return [];
  const { estate } = view.plan;
  return [
    ...workersOf(estate, view.cluster).flatMap((worker) =>
      stemmingFrom(
        ['clusters', estate.clusters.indexOf(worker)],
        [kueueObject('MultiKueueCluster', worker.id, { clusterSource: { kubeConfig: locationOf(worker) } })],
      ),
    ),
    ...tenantsOf(view).flatMap(({ tenant, workers }) =>
      ofTenant(view, tenant, kueueObject('MultiKueueConfig', tenant.id, { clusters: workers.map(({ id }) => id) })),
    ),
  ];
}

/**
 * The checks by which jobs of a manager's queues are handed on. They stand beside the queues, not beside what they lead to:
 * Kueue lets go of a check when no queue names it, so that the two are made and removed in one go. A check whose
 * configuration is gone stops its queue; it never lets a job pass.
 */
export const admissionChecks = (view: Cluster): KubernetesObject[] =>
  tenantsOf(view).flatMap(({ tenant, tenant: { id } }) =>
    ofTenant(
      view,
      tenant,
      kueueObject('AdmissionCheck', id, {
        controllerName: 'kueue.x-k8s.io/multikueue',
        parameters: { apiGroup: 'kueue.x-k8s.io', kind: 'MultiKueueConfig', name: id },
      }),
    ),
  );

/**
 * Of a ClusterQueue's specification: without it a manager would start the job itself, and it has no nodes. Named for all
 * flavours: Kueue takes this check no other way. A tenant that no worker may serve keeps a check that does not exist, and
 * its queue stays closed.
 */
export const checksOf = (view: Cluster, { id }: Tenant) =>
  handsOn(view) ? { admissionChecksStrategy: { admissionChecks: [{ name: id }] } } : {};
