import type { Cluster } from '../cluster.ts';
import { kueueFrameworks } from '../queues/config/configuration.ts';

/** A kind that a manager's Kueue hands to its workers. */
export interface Dispatched {
  readonly group: string;
  /** Plural, as rights name it */
  readonly resource: string;
}

/**
 * What a manager hands over: every kind that its configuration lists, none of which is a pod or a service of Kubernetes'
 * own. Its Kueue watches each of them on every worker, and one watch that is refused keeps the whole worker out, so the
 * rights go by the very list.
 */
export const dispatchedKinds = (manager: Pick<Cluster, 'cluster'>): Dispatched[] =>
  kueueFrameworks(manager).map((framework) => {
    const [group = '', kind = ''] = framework.split('/');
    return { group, resource: `${kind}s` };
  });

/** The API groups of these kinds; none of them holds another kind that a tenant may submit and that is not handed over. */
export const dispatchedGroups = (manager: Pick<Cluster, 'cluster'>): string[] => [
  ...new Set(dispatchedKinds(manager).map(({ group }) => group)),
];
