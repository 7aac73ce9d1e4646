import { unless, type Checkup, type Trouble } from '../../../model/checkup.ts';
import type { Live } from '../../change/live.ts';
import { correct, marksOf, mistaken } from '../../change/whose.ts';
import type { Item, There } from '../context.ts';

/** Whether the context leads to the cluster that the declaration means: two contexts are mixed up easily, and both work. */
export const identity: Checkup<There> = {
  name: { zh: 'context 指向的集群', en: 'which cluster it is' },
  run: async (there) => {
    const { reader, view, where, seen } = there;
    const { plan, cluster, site } = view;
    const at = where(['clusters', plan.estate.clusters.indexOf(cluster), 'context']);
    const marks = await marksOf((resource = '', ...args) => reader.items<Item & Live>(resource, ...args));
    if (!marks) return { unknown: { zh: '看不到命名空间 kube-system', en: 'namespace kube-system is not to be seen' } };
    const { uid, record: before } = marks;
    const twin = seen.get(uid);
    seen.set(uid, cluster.id);
    const troubles: Trouble[] = mistaken(view, marks, twin).map((fault) => ({ where: at, ...fault }));
    const todo = correct(cluster);
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
