import type { Cluster } from '../cluster.ts';
import { kueueFrameworks } from '../queues/config/configuration.ts';

/** A kind that a manager's Kueue hands to its workers. */
export interface Dispatched {
  readonly group: string;
  /** Plural, as rights name it */
  readonly resource: string;
}

/** Kueue's names for Kubernetes' own kinds; a Deployment is never handed over itself: its pods are, one by one. */
const own: Readonly<Record<string, Dispatched | undefined>> = {
  pod: { group: '', resource: 'pods' },
  statefulset: { group: 'apps', resource: 'statefulsets' },
  deployment: undefined,
};

/**
 * What a manager hands over: every kind that its configuration lists. Its Kueue watches each of them on every worker, and
 * one watch that is refused keeps the whole worker out, so the rights go by the very list.
 */
export const dispatchedKinds = (manager: Pick<Cluster, 'cluster'>): Dispatched[] =>
  kueueFrameworks(manager).flatMap((framework) => {
    if (framework in own) return own[framework] ?? [];
    const [group = '', kind = ''] = framework.split('/');
    return [{ group, resource: `${kind}s` }];
  });
