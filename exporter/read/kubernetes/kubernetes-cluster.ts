import type { KubernetesSource } from '../../../model/schema/sources.ts';
import type { Allocations, ClusterNode, Hold, Wanted } from '../allocation/allocations.ts';
import { ReadError, type Reader } from '../reader.ts';
import { type KubernetesAccess, kubernetesAccess } from './kubernetes-access.ts';
import { KubernetesConnection } from './kubernetes-connection.ts';
import { KubernetesMirror, type Pace, usualPace } from './kubernetes-mirror.ts';
import { clusterNode, type Node } from './kubernetes-node.ts';
import { holdsOfPod, type Pod } from './kubernetes-pod.ts';

export interface ClusterOptions {
  readonly wanted: Wanted;
  /** Of the kubeconfig, where the source names none: the cluster's `context` */
  readonly context?: string;
  /**
   * Age from which the state is no answer any more, ms since the server last confirmed it; bookmarks come once a minute.
   * @default 5 min
   */
  readonly maxAge?: number;
  readonly pace?: Pace;
  /** How the cluster is reached, asked before each list and each watch. */
  readonly access?: () => Promise<KubernetesAccess>;
}

const FIVE_MINUTES = 300_000;
/** The server itself leaves out pods without a node and those that are over: their chips are free. */
const HOLDING = 'spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed';

/**
 * A cluster's nodes and what its pods hold, followed by one list and one watch of each kind. `read` gives the state of
 * now without asking anybody; the first one waits for the lists. Needs the rights to get, list and watch nodes and pods.
 */
export function kubernetesCluster(
  source: KubernetesSource,
  { wanted, context, maxAge = FIVE_MINUTES, pace = usualPace, access }: ClusterOptions,
): Reader<Allocations> {
  const way = access ?? (() => kubernetesAccess(source, context));
  const open = async (): Promise<KubernetesConnection> => new KubernetesConnection(await way(), source.timeout);
  const mirror = <T>(path: string, project: (object: unknown) => T | null, fieldSelector?: string) =>
    new KubernetesMirror({ path, fieldSelector, project }, open, source.timeout, pace);
  const nodes = mirror('/api/v1/nodes', (object): ClusterNode | null => clusterNode(object as Node, wanted));
  const pods = mirror(
    '/api/v1/pods',
    (object): Hold[] | null => {
      const holds = holdsOfPod(object as Pod, wanted.resources);
      return holds.length === 0 ? null : holds;
    },
    HOLDING,
  );
  let kept: { changes: number; answer: Allocations } | null = null;

  return {
    async read(signal) {
      await untilBegun([nodes, pods], signal);
      const [nodesNow, podsNow] = [objectsOf(nodes, 'nodes', maxAge), objectsOf(pods, 'pods', maxAge)];
      const changes = nodes.changes + pods.changes;
      if (kept?.changes === changes) return kept.answer;
      const answer = { nodes: [...nodesNow.values()], holds: [...podsNow.values()].flat(), rejected: new Map() };
      kept = { changes, answer };
      return answer;
    },
    close: async () => {
      await Promise.all([nodes.close(), pods.close()]);
    },
  };
}

/** Waits for the first lists, or until it is given up; the lists go on. */
async function untilBegun(mirrors: readonly KubernetesMirror<unknown>[], signal: AbortSignal): Promise<void> {
  const { promise: givenUp, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  const listen = (): void => resolve();
  signal.addEventListener('abort', listen);
  await Promise.race([givenUp, Promise.all(mirrors.map((mirror) => mirror.begun()))]);
  signal.removeEventListener('abort', listen);
}

/** @throws ReadError where there is no state, or one that is too old to be believed */
function objectsOf<T>(
  { objects, confirmed, failure }: KubernetesMirror<T>,
  what: string,
  maxAge: number,
): Map<string, T> {
  if (objects === null)
    throw failure ?? new ReadError('timeout', `Kubernetes API: the first list of ${what} is not complete yet`);
  const age = performance.now() - confirmed;
  if (age <= maxAge) return objects;
  const why = failure ? `: ${failure.message}` : '';
  throw new ReadError(
    failure?.failure ?? 'timeout',
    `Kubernetes API: nothing was heard of ${what} for ${Math.round(age / 1000)} s${why}`,
    { cause: failure },
  );
}
