import type { Cluster } from '../../cluster.ts';
import { ACCOUNT } from '../../telemetry/source-files.ts';
import { READ, type Right } from './right.ts';

const asksForPods = ({ cluster }: Cluster): boolean => cluster.allocation?.source.protocol === 'kubernetes';

/** By the pod's own account: a token of another one has rights of its own. */
function asksKueue({ cluster: { kueue } }: Cluster): boolean {
  const auth = kueue.enabled ? kueue.metrics?.source.auth : undefined;
  return auth !== undefined && 'bearer_file' in auth && auth.bearer_file.startsWith(ACCOUNT);
}

/** Whether the exporter's account has its role on the cluster. */
export const asksByAccount = (cluster: Cluster): boolean => asksForPods(cluster) || asksKueue(cluster);

/**
 * What the exporter's account may do: ask the Kubernetes API which pod holds which chips (docs/devices/kubernetes.md), and
 * read the metrics of Kueue, whose controller shows them to whom the API server lets read /metrics.
 */
export const exporterRights: readonly Right[] = [
  {
    apiGroup: '',
    resources: ['nodes', 'pods'],
    verbs: READ,
    where: (cluster) => asksForPods(cluster) || !asksKueue(cluster),
    why: { zh: '查看哪个容器组占用哪些加速器', en: 'to see which pod holds which accelerators' },
  },
  {
    nonResourceURLs: ['/metrics'],
    verbs: ['get'],
    where: asksKueue,
    why: { zh: '读取 Kueue 的队列指标', en: "to read Kueue's metrics of queues" },
  },
];
