import { unless, type Checkup, type Trouble } from '../../../model/checkup.ts';
import type { There } from '../context.ts';

/** What brings a group of the API that Kubernetes itself has not, and the kinds that the estate's switch needs of it. */
const bringers: Readonly<Record<string, { readonly project: string; readonly key: string }>> = {
  'monitoring.coreos.com': { project: 'prometheus-operator', key: 'monitoring' },
  'kueue.x-k8s.io': { project: 'Kueue', key: 'kueue' },
};
const KUEUE = [
  'kueue.x-k8s.io/v1beta2/ClusterQueue',
  'kueue.x-k8s.io/v1beta2/LocalQueue',
  'kueue.x-k8s.io/v1beta2/ResourceFlavor',
];

/** Every kind that the stacks hold or the estate's switches need: served, and in the version that is used. */
export const apis: Checkup<There> = {
  name: { zh: 'API 种类（CRD）', en: 'kinds of the API (CRDs)' },
  run: async ({ reader, objects, view: { plan, cluster }, where }) => {
    const used = new Set(
      objects.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`).filter((one) => one.split('/').length === 3),
    );
    if (cluster.kueue.enabled) for (const one of KUEUE) used.add(one);
    const served = (await reader.text('api-versions')).split('\n').filter(Boolean);
    const troubles: Trouble[] = [];
    for (const [apiVersion, entries] of Map.groupBy(used, (one) => one.slice(0, one.lastIndexOf('/')))) {
      const [group = ''] = apiVersion.split('/');
      const has = await kindsOf(reader, served, apiVersion);
      const missing = entries.map((one) => one.slice(apiVersion.length + 1)).filter((kind) => !has.has(kind));
      if (missing.length === 0) continue;
      const list = missing.join(', ');
      const others = served.filter((one) => one.startsWith(`${group}/`) && one !== apiVersion);
      const olders: string[] = [];
      for (const other of others) {
        const kinds = await kindsOf(reader, served, other);
        if (missing.some((kind) => kinds.has(kind))) olders.push(other.slice(group.length + 1));
      }
      const bringer = bringers[group];
      const path = ['clusters', plan.estate.clusters.indexOf(cluster), ...(bringer ? [bringer.key] : [])];
      const name = bringer?.project ?? 'Kubernetes';
      troubles.push({
        where: where(path),
        what:
          olders.length > 0
            ? {
                zh: `${group} 的 CRD 太旧：${list} 不提供 ${apiVersion}，只提供 ${olders.join('、')}`,
                en: `the CRDs of ${group} are too old: ${list} are not served as ${apiVersion}, only as ${olders.join(', ')}`,
              }
            : { zh: `集群中没有 ${apiVersion} 的 ${list}`, en: `the cluster has no ${list} of ${apiVersion}` },
        todo: bringer
          ? {
              zh: `安装或升级 ${name} 及其 CRD，或在 clusters[].${bringer.key} 关闭相应开关`,
              en: `install or upgrade ${name} with its CRDs, or switch it off at clusters[].${bringer.key}`,
            }
          : { zh: `升级提供 ${apiVersion} 的组件（${name}）`, en: `upgrade what serves ${apiVersion} (${name})` },
      });
    }
    return unless(troubles, { zh: `用到的 ${used.size} 种都有`, en: `all ${used.size} in use are served` });
  },
};

async function kindsOf(
  reader: There['reader'],
  served: readonly string[],
  apiVersion: string,
): Promise<ReadonlySet<string>> {
  if (!served.includes(apiVersion)) return new Set();
  const { resources } = JSON.parse(await reader.text('get', '--raw', `/apis/${apiVersion}`)) as {
    resources: readonly { kind: string }[];
  };
  return new Set(resources.map(({ kind }) => kind));
}
