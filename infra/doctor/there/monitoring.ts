import type { Checkup } from '../../../model/checkup.ts';
import type { Item, There } from '../context.ts';

export const monitoring: Checkup<There> = {
  name: { zh: 'Prometheus 的命名空间', en: "Prometheus' namespace" },
  run: async ({ reader, view: { plan, cluster, hostsExporter }, where }) => {
    if (!hostsExporter) return { ok: { zh: '采集器不在这个集群', en: 'the exporter is on another cluster' } };
    const { namespace } = cluster.monitoring;
    if ((await reader.items<Item>('namespace', namespace)).length > 0) return { ok: { zh: namespace, en: namespace } };
    return {
      troubles: [
        {
          where: where(['clusters', plan.estate.clusters.indexOf(cluster), 'monitoring']),
          what: {
            zh: `命名空间 ${namespace} 不存在：只有从那里才能抓取采集器`,
            en: `there is no namespace ${namespace}, from which alone the exporter may be scraped`,
          },
          todo: {
            zh: '安装 Prometheus，或在 clusters[].monitoring.namespace 写它所在的命名空间',
            en: 'install Prometheus, or name its namespace in clusters[].monitoring.namespace',
          },
        },
      ],
    };
  },
};
