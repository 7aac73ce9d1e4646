import { CREDITS } from '../../model/queues/credits.ts';
import type { Share, TenantQueue } from '../../model/queues/tenant-queues.ts';
import { stemmingFrom } from '../admission/origin.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { names } from '../labels.ts';
import { cohortOf, CREDITS_FLAVOR, kueueObject, PROVINCE } from './kueue.ts';
import { queuesOf } from './queues-of.ts';

/** A queue for each tenant, in the cohort of its group. */
export const clusterQueues = (cluster: Cluster): KubernetesObject[] =>
  queuesOf(cluster).flatMap((queue) =>
    stemmingFrom(
      ['tenants', cluster.plan.estate.tenants.indexOf(queue.tenant)],
      [kueueObject('ClusterQueue', queue.tenant.id, specOf(queue), queue.tenant.name && names(queue.tenant.name))],
    ),
  );

/**
 * Each resource name stands in one group, with its flavours; credits have a group and a flavour of their own, so that one
 * number caps all models (one group for all would split it by flavour).
 */
function specOf({ tenant, groups, credits }: TenantQueue) {
  return {
    cohortName: tenant.group === undefined ? PROVINCE : cohortOf(tenant.group),
    namespaceSelector: { matchLabels: { 'greenflops.io/tenant': tenant.id } },
    queueingStrategy: 'BestEffortFIFO',
    // What is a tenant's own it gets back, from whoever borrowed it; within a queue what is urgent goes first.
    preemption: { reclaimWithinCohort: 'Any', withinClusterQueue: 'LowerPriority' },
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
  nominalQuota: String(nominal),
  borrowingLimit: String(borrowing),
});
