import type { PodDisruptionBudget } from '../kubernetes.ts';
import { named, names, ownKeys } from '../labels.ts';

/** More pods than a cluster has: Kubernetes is built for 150,000 (kubernetes.io, Considerations for large clusters). */
const EVERY_POD = 150_000;

/**
 * Pods that no drain evicts: a training of weeks that writes its checkpoint once a day. A share or a maxUnavailable is
 * counted against the replicas of whatever owns the pods, which Kubernetes asks by the `scale` that a Job does not have:
 * such a budget allows nothing and says so only as an event. A whole minAvailable is counted against the pods themselves,
 * and one that is never reached holds each of them. It holds no deletion, and the scheduler heeds it only where another
 * choice is left: whoever must make room still can.
 */
export const protectedPods = (namespace: string): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: named(
    'protected',
    namespace,
    names(
      {
        zh: `带标签 greenflops.io/protected: "true" 的容器组不会被腾空节点（drain）时驱逐。minAvailable 是整数且永远达不到：只有这种写法对 Job 的容器组也有效。运维仍可直接删除，紧急任务抢占时也会先选别的容器组`,
        en: `Pods labelled greenflops.io/protected: "true" are not evicted when a node is drained. minAvailable is a whole number that is never reached: the one form that holds for pods of Jobs too. An operator can still delete them, and urgent work takes other pods first`,
      },
      'why',
    ),
  ),
  spec: { minAvailable: EVERY_POD, selector: { matchLabels: ownKeys({ protected: 'true' }) } },
});
