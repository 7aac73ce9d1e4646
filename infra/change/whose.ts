import type { Text } from '../../model/text.ts';
import type { Cluster } from '../cluster.ts';
import type { Live } from './live.ts';
import { place, recorded, type Record } from './record.ts';

/** What in a cluster says which one it is. */
export interface Marks {
  /** Of namespace kube-system, which lives as long as its cluster */
  readonly uid: string;
  /** What was deployed there last; undefined: nothing */
  readonly record: Record | undefined;
}

/** kubectl get, with its arguments; [] where there is no such object. */
type Get = (...args: readonly string[]) => Promise<readonly (Live & { metadata: { uid?: string } })[]>;

/** undefined where kube-system is not to be seen; rejects where the cluster cannot be asked. */
export async function marksOf(get: Get): Promise<Marks | undefined> {
  const [system] = await get('namespace', 'kube-system');
  const uid = system?.metadata.uid;
  if (uid === undefined) return undefined;
  const maps = await get('configmap', place.name, '-n', place.namespace);
  return { uid, record: recorded(new Map(maps.map((map) => [`/ConfigMap ${place.namespace}/${place.name}`, map]))) };
}

export const correct = ({ id }: Cluster['cluster']): Text => ({
  zh: `改正 clusters[].context 或 kubeconfig；在此之前不要部署 ${id}`,
  en: `correct clusters[].context or the kubeconfig; deploy nothing to ${id} before`,
});

/** Whether a context leads to another cluster than the declaration means; both would work. `twin`: another declared cluster with the same uid. */
export function mistaken(
  { cluster, plan }: Pick<Cluster, 'cluster' | 'plan'>,
  { uid, record }: Marks,
  twin: string | undefined,
): { readonly what: Text; readonly todo: Text }[] {
  const todo = correct(cluster);
  const found = [];
  if (twin !== undefined)
    found.push({
      what: {
        zh: `context ${cluster.context} 与集群 ${twin} 的 context 指向同一个集群（kube-system 的 uid 都是 ${uid}）`,
        en: `context ${cluster.context} leads to the same cluster as that of ${twin} (uid ${uid} of kube-system)`,
      },
      todo,
    });
  if (record && record.cluster !== cluster.id && record.cluster !== cluster.moved_from) {
    const { cluster: before, site } = record;
    const renamed = !plan.estate.clusters.some(({ id }) => id === before);
    found.push({
      what: {
        zh: `上次部署到这里的是集群 ${before}（园区 ${site}），不是 ${cluster.id}`,
        en: `what was deployed here last is cluster ${before} (site ${site}), not ${cluster.id}`,
      },
      todo: renamed
        ? {
            zh: `${todo.zh}；如果只是改名，请写 moved_from: ${before}`,
            en: `${todo.en}; if it was renamed, write moved_from: ${before}`,
          }
        : todo,
    });
  }
  return found;
}
