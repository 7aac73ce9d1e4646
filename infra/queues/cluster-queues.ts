import { CREDITS } from '../../model/queues/credits.ts';
import type { Share } from '../../model/queues/groups.ts';
import type { TenantQueue } from '../../model/queues/tenant-queues.ts';
import { amountOf } from '../../model/quantity.ts';
import type { Tenant } from '../../model/schema/estate.ts';
import { stemmingFrom } from '../admission/origin.ts';
import type { Cluster } from '../cluster.ts';
import { checksOf } from '../dispatch/multikueue.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { names } from '../labels.ts';
import { cohortOf, CREDITS_FLAVOR, kueueObject, PROVINCE } from './kueue.ts';
import { queuesOf } from './queues-of.ts';

/** A queue for each tenant, in the cohort of its group. */
export const clusterQueues = (cluster: Cluster): KubernetesObject[] =>
  queuesOf(cluster).flatMap((queue) =>
    stemmingFrom(
      ['tenants', cluster.plan.estate.tenants.indexOf(queue.tenant)],
      [
        kueueObject(
          'ClusterQueue',
          queue.tenant.id,
          specOf(cluster, queue),
          queue.tenant.name && names(queue.tenant.name),
        ),
      ],
    ),
  );

/**
 * What is a tenant's own it gets back from whoever borrowed it, whatever their priority; within a queue what is urgent goes
 * first. An urgent tenant goes first with what it borrows, too: it takes back what tenants of lower priority borrowed.
 * That takes nothing from anybody who stays within what was promised (Kueue looks for such jobs in queues above their
 * nominal alone), and holds for chips short on nodes as for credits, as a topology that does not fit is preempted for by
 * the same rules. A threshold would add nothing: LowerPriority stops at equals. Nobody else has it: two tenants that both
 * borrow would evict each other's jobs by the priority that a job's author writes.
 */
const preemptionOf = ({ priority }: Tenant) => ({
  reclaimWithinCohort: 'Any',
  withinClusterQueue: 'LowerPriority',
  ...(priority === 'urgent' && { borrowWithinCohort: { policy: 'LowerPriority' } }),
});

/**
 * Each resource name stands in one group, with its flavours; credits have a group and a flavour of their own, so that one
 * number caps all models (one group for all would split it by flavour).
 */
function specOf(cluster: Cluster, { tenant, groups, credits }: TenantQueue) {
  return {
    ...checksOf(cluster, tenant),
    cohortName: tenant.group === undefined ? PROVINCE : cohortOf(tenant.group),
    namespaceSelector: { matchLabels: { 'greenflops.io/tenant': tenant.id } },
    queueingStrategy: 'BestEffortFIFO',
    // Where two pools offer one name, a tenant's own chips come before those that it would borrow.
    flavorFungibility: { whenCanBorrow: 'TryNextFlavor', whenCanPreempt: 'TryNextFlavor' },
    preemption: preemptionOf(tenant),
    resourceGroups: [
      ...groups.map(({ resources, flavors }) => ({
        coveredResources: resources,
        flavors: flavors.map(({ name, shares }) => ({
          name,
          resources: resources.map((resource, i) => quota(resource, shares[i])),
        })),
      })),
      ...(credits
        ? [
            {
              coveredResources: [CREDITS],
              flavors: [{ name: CREDITS_FLAVOR, resources: [quota(CREDITS, credits)] }],
            },
          ]
        : []),
    ],
  };
}

const quota = (name: string, { nominal, borrowing }: Share = { nominal: 0, borrowing: 0 }) => ({
  name,
  nominalQuota: amountOf(name, nominal),
  borrowingLimit: amountOf(name, borrowing),
});
