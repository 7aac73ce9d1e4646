import { unless, type Checkup, type Trouble } from '../../../model/checkup.ts';
import { place, recorded } from '../../change/record.ts';
import type { Live } from '../../change/live.ts';
import type { Item, There } from '../context.ts';

/** Whether the context leads to the cluster that the declaration means: two contexts are mixed up easily, and both work. */
export const identity: Checkup<There> = {
  name: { zh: '上下文指向的集群', en: 'which cluster it is' },
  run: async (there) => {
    const { reader, view, where, seen } = there;
    const { plan, cluster, site } = view;
    const at = where(['clusters', plan.estate.clusters.indexOf(cluster), 'context']);
    const [system] = await reader.items<Item>('namespace', 'kube-system');
    if (!system)
      return { unknown: { zh: '看不到命名空间 kube-system', en: 'namespace kube-system is not to be seen' } };
    const { uid } = system.metadata;
    const twin = seen.get(uid);
    seen.set(uid, cluster.id);
    const troubles: Trouble[] = [];
    const todo = {
      zh: `改正 clusters[].context 或 kubeconfig；在此之前不要部署 ${cluster.id}`,
      en: `correct clusters[].context or the kubeconfig; deploy nothing to ${cluster.id} before`,
    };
    if (twin !== undefined)
      troubles.push({
        where: at,
        what: {
          zh: `上下文 ${cluster.context} 与集群 ${twin} 的上下文指向同一个集群（kube-system 的 uid 都是 ${uid}）`,
          en: `context ${cluster.context} leads to the same cluster as that of ${twin} (uid ${uid} of kube-system)`,
        },
        todo,
      });
    const maps = await reader.items<Item & Live>('configmap', place.name, '-n', place.namespace);
    const before = recorded(new Map(maps.map((map) => [`/ConfigMap ${place.namespace}/${place.name}`, map])));
    if (before && before.cluster !== cluster.id && before.cluster !== cluster.moved_from)
      troubles.push({
        where: at,
        what: {
          zh: `上次部署到这里的是集群 ${before.cluster}（园区 ${before.site}），不是 ${cluster.id}`,
          en: `what was deployed here last is cluster ${before.cluster} (site ${before.site}), not ${cluster.id}`,
        },
        todo: {
          zh: `${todo.zh}；如果只是改名，请写 moved_from: ${before.cluster}`,
          en: `${todo.en}; if it was renamed, write moved_from: ${before.cluster}`,
        },
      });
    const namespaces = await reader.items<Item>('namespaces', '-l', 'app.kubernetes.io/managed-by=greenflops');
    const declared: Readonly<Record<string, string>> = { site: site.id, jurisdiction: cluster.jurisdiction };
    for (const [key, value] of Object.entries(declared)) {
      const other = namespaces.find(({ metadata: { labels = {} } }) => {
        const label = labels[`greenflops.io/${key}`];
        return label !== undefined && label !== value;
      });
      const label = other?.metadata.labels?.[`greenflops.io/${key}`];
      if (other && label !== undefined)
        troubles.push({
          where: at,
          what: {
            zh: `命名空间 ${other.metadata.name} 的标签是 greenflops.io/${key}=${label}，而声明为 ${value}`,
            en: `namespace ${other.metadata.name} is labelled greenflops.io/${key}=${label}, and the declaration says ${value}`,
          },
          todo,
        });
    }
    return unless(
      troubles,
      before
        ? { zh: `上次部署的是 ${before.cluster}`, en: `${before.cluster} was deployed here last` }
        : { zh: '还没有部署过', en: 'nothing was deployed here yet' },
    );
  },
};
