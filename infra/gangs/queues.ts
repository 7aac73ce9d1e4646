import type { Tenant } from '../../model/schema/estate.ts';
import { stemmingFrom } from '../admission/origin.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { names } from '../labels.ts';
import { priorities } from '../guardrails/priority-classes.ts';
import { quantity } from '../../model/quantity.ts';
import { gangShares, type GangShare } from './gang-shares.ts';
import { queueOfGroup, queueOfTenant, volcanoObject } from './volcano.ts';

/**
 * A Volcano Queue for each group and tenant, over the names of all pools: Volcano knows resource names and no pools, and a
 * name that a queue does not cap is unlimited in it. MindCluster's plugin needs the queues for Ascend pools; pods of other
 * pools that keep to Kubernetes' scheduler are not counted in them.
 *
 * Kueue and Volcano each do one thing. Kueue admits: what a tenant may run, borrow and take back is decided there, job by
 * job. Volcano places: all pods of a gang at once, close to each other, on chips that go together. So a Queue never holds
 * less than Kueue may admit, or an admitted gang would wait for ever with its quota held:
 * - `capability` is the most that Kueue may admit of a name, credits counted;
 * - no `guarantee`: Volcano would keep idle for its owner what Kueue has lent to somebody;
 * - `reclaimable: false`: one of the two takes chips back, and Kueue ends whole jobs, where Volcano would evict pods that
 *   the job's controller makes anew.
 * `deserved`, `priority` and `weight` only order the gangs that are admitted and not placed yet (plugins capacity and
 * proportion).
 */
export function gangQueues(view: Cluster): KubernetesObject[] {
  const { estate } = view.plan;
  const own = view.tenants.map((tenant) => ({ tenant, shares: gangShares(view, tenant) }));
  const groups = Map.groupBy(own, ({ tenant }) => tenant.group);
  return [
    // Volcano refuses a queue whose parent is not there.
    ...[...groups].flatMap(([group, members]) =>
      group === undefined
        ? []
        : stemmingFrom(
            ['tenants', estate.tenants.findIndex((tenant) => tenant.group === group), 'group'],
            [
              volcanoObject('Queue', queueOfGroup(group), {
                parent: 'root',
                reclaimable: false,
                weight: Math.max(...members.map(({ tenant }) => orderOf(tenant).weight)),
                ...listed('deserved', sumOf(members.map(({ shares }) => shares))),
              }),
            ],
          ),
    ),
    ...own.flatMap(({ tenant, shares }) =>
      stemmingFrom(
        ['tenants', estate.tenants.indexOf(tenant)],
        [
          volcanoObject(
            'Queue',
            queueOfTenant(tenant.id),
            {
              parent: tenant.group === undefined ? 'root' : queueOfGroup(tenant.group),
              reclaimable: false,
              ...orderOf(tenant),
              ...listed('deserved', new Map([...shares].map(([name, { deserved }]) => [name, deserved]))),
              ...listed('capability', new Map([...shares].map(([name, { capability }]) => [name, capability]))),
            },
            tenant.name && names(tenant.name),
          ),
        ],
      ),
    ),
  ];
}

/** low 0 and 1, normal 1 and 2, high 2 and 4, urgent 3 and 8. */
const orderOf = ({ priority }: Tenant): { priority: number; weight: number } => {
  const rank = priorities.indexOf(priority);
  return { priority: rank, weight: 2 ** rank };
};

/** Volcano wants a parent's `deserved` to be no less than its children's in all. */
function sumOf(members: readonly ReadonlyMap<string, GangShare>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const shares of members)
    for (const [name, { deserved }] of shares) sums.set(name, (sums.get(name) ?? 0) + deserved);
  return sums;
}

/** Amounts as text; the field is left out where it would be empty. */
const listed = (field: string, amounts: ReadonlyMap<string, number>) =>
  amounts.size === 0
    ? {}
    : { [field]: Object.fromEntries([...amounts].map(([name, count]) => [name, quantity(count)])) };
