import { unless, type Checkup, type Trouble } from '../../../model/checkup.ts';
import type { Text } from '../../../model/text.ts';
import type { There } from '../context.ts';

interface Bringer {
  readonly project: string;
  /** Of the cluster in the estate, what asks for it */
  readonly key: readonly string[];
  /** How to do without, where that is not by a switch */
  readonly without?: Text;
}

/** What brings a group of the API that Kubernetes itself has not, or not in every version. */
const bringers: Readonly<Record<string, Bringer>> = {
  'monitoring.coreos.com': { project: 'prometheus-operator', key: ['monitoring'] },
  'kueue.x-k8s.io': { project: 'Kueue', key: ['kueue'] },
  'scheduling.volcano.sh': { project: 'Volcano', key: ['volcano'] },
  'topology.volcano.sh': { project: 'Volcano', key: ['volcano'] },
  'policy.karmada.io': {
    project: 'Karmada',
    key: ['context'],
    without: {
      zh: '让 context 指向 Karmada 自己的 API 服务器，而不是它所在的集群',
      en: "let the context lead to Karmada's own API server, not to the cluster that it runs on",
    },
  },
  'admissionregistration.k8s.io': {
    project: 'Kubernetes 1.36',
    key: ['kueue', 'defaults'],
    without: {
      zh: '设 clusters[].kueue.defaults: demanded，由作业自己写全',
      en: 'set clusters[].kueue.defaults: demanded, and jobs say it all themselves',
    },
  },
};
/** What a check reads of Kueue besides the kinds that the stacks hold. */
const WORKLOAD = 'kueue.x-k8s.io/v1beta2/Workload';

/** Every kind that the stacks hold or the estate's switches need: served, and in the version that is used. */
export const apis: Checkup<There> = {
  name: { zh: 'API 种类（CRD）', en: 'kinds of the API (CRDs)' },
  run: async ({ reader, objects, view: { plan, cluster }, where }) => {
    const used = new Set(
      objects.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`).filter((one) => one.split('/').length === 3),
    );
    if (cluster.kueue.enabled) used.add(WORKLOAD);
    const served = (await reader.text('api-versions')).split('\n').filter(Boolean);
    const troubles: Trouble[] = [];
    for (const [apiVersion, entries] of Map.groupBy(used, (one) => one.slice(0, one.lastIndexOf('/')))) {
      const [group = ''] = apiVersion.split('/');
      const has = await kindsOf(reader, served, apiVersion);
      const missing = entries
        .map((one) => one.slice(apiVersion.length + 1))
        .filter((kind) => !has.has(kind))
        .toSorted();
      if (missing.length === 0) continue;
      const list = missing.join(', ');
      const others = served.filter((one) => one.startsWith(`${group}/`) && one !== apiVersion);
      const olders: string[] = [];
      for (const other of others) {
        const kinds = await kindsOf(reader, served, other);
        if (missing.some((kind) => kinds.has(kind))) olders.push(other.slice(group.length + 1));
      }
      const bringer = bringers[group];
      const path = ['clusters', plan.estate.clusters.indexOf(cluster), ...(bringer?.key ?? [])];
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
              zh: `安装或升级 ${name}${bringer.without ? `；或${bringer.without.zh}` : ` 及其 CRD，或在 clusters[].${bringer.key.join('.')} 关闭相应开关`}`,
              en: `install or upgrade ${name}${bringer.without ? `, or ${bringer.without.en}` : ` with its CRDs, or switch it off at clusters[].${bringer.key.join('.')}`}`,
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
