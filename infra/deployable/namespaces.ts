import { clustersOfTenant } from '../../model/queues/scope.ts';
import type { Cluster } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import { exporter } from '../stacks/exporter.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** What namespaces of this name are for on every cluster. */
const reserved = new Map<string, Text>([
  [exporter.namespace, { zh: '采集器', en: 'the exporter' }],
  ['default', { zh: '集群默认命名空间', en: "the cluster's default" }],
]);

/** What a name is for already; undefined where it is free. */
function use(name: string, clusters: readonly Cluster[]): Text | undefined {
  if (name.startsWith('kube-')) return { zh: 'Kubernetes 自身', en: 'Kubernetes itself' };
  for (const { id, monitoring, controllers, kueue } of clusters) {
    // Also where it is not enabled yet: somebody may have put one there
    if (kueue.namespace === name) return { zh: 'Kueue', en: 'Kueue' };
    if (monitoring.namespace === name) return { zh: `集群 ${id} 的 Prometheus`, en: `the Prometheus of ${id}` };
    if (controllers.includes(name)) return { zh: `集群 ${id} 的控制器`, en: `a controller of ${id}` };
  }
  return reserved.get(name);
}

/** A tenant's namespace is its own: its members would have their role over whatever else stands there. */
export const namespaces: Rule = ({ estate }) =>
  estate.tenants.flatMap((tenant, i) => {
    const clusters = clustersOfTenant(estate, tenant);
    return tenant.namespaces.flatMap((name, j): Obstacle[] => {
      const other = use(name, clusters);
      if (!other) return [];
      return [
        {
          path: ['tenants', i, 'namespaces', j],
          detail: {
            zh: `这个命名空间已有它用：${other.zh}。请换一个名字`,
            en: `this namespace serves something else, ${other.en}: take another name`,
          },
        },
      ];
    });
  });
