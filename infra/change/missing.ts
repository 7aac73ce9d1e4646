import type { Text } from '../../model/text.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { groupOf, kindOf } from './key.ts';

interface Project {
  readonly name: string;
  /** API groups of its CRDs */
  readonly groups: RegExp;
  /** Where its installation is told; absent: its own documentation tells it */
  readonly docs?: string;
}

/** Whose kinds the house makes; what belongs to none of them is Kubernetes' own. */
const projects: readonly Project[] = [
  { name: 'Kueue', groups: /(^|\.)kueue\.x-k8s\.io$/, docs: 'docs/scheduling' },
  { name: 'Volcano', groups: /(^|\.)volcano\.sh$/, docs: 'docs/scheduling' },
  { name: 'Karmada', groups: /(^|\.)karmada\.io$/, docs: 'docs/scheduling' },
  { name: 'Prometheus Operator', groups: /^monitoring\.coreos\.com$/ },
];
const [kueue] = projects;

/**
 * Objects that a cluster cannot hold, a line for each project that is not there: its kinds are unknown, or the namespace of
 * Kueue's controller, which its installation makes. `known`: the cluster's kinds; `spaces`: its namespaces.
 */
export function missingProjects(
  { cluster }: Pick<Cluster, 'cluster'>,
  declared: readonly KubernetesObject[],
  known: ReadonlySet<string>,
  spaces: ReadonlySet<string>,
): Text[] {
  const made = new Set(declared.flatMap(({ kind, metadata }) => (kind === 'Namespace' ? [metadata.name] : [])));
  const { namespace } = cluster.kueue;
  const homeless = cluster.kueue.enabled && !spaces.has(namespace) && !made.has(namespace);
  const isHomeless = (object: KubernetesObject): boolean => homeless && object.metadata.namespace === namespace;
  const unknown = (object: KubernetesObject): boolean => !known.has(kindOf(object));
  const lacking = declared.filter((object) => unknown(object) || isHomeless(object));
  const projectOf = (object: KubernetesObject): Project | undefined =>
    projects.find(({ groups }) => groups.test(groupOf(object.apiVersion))) ?? (unknown(object) ? undefined : kueue);
  return [...Map.groupBy(lacking, projectOf)].map(([project, objects]) => {
    const kinds = [...new Set(objects.filter(unknown).map(({ kind }) => kind))];
    return textOf(cluster.id, project, {
      count: objects.length,
      kinds: kinds.join(', '),
      namespace: objects.some(isHomeless) ? namespace : undefined,
    });
  });
}

function textOf(
  cluster: string,
  project: Project | undefined,
  {
    count,
    kinds,
    namespace,
  }: { readonly count: number; readonly kinds: string; readonly namespace: string | undefined },
): Text {
  const objects = `${count} object${count === 1 ? '' : 's'}`;
  if (!project)
    return {
      zh: `集群 ${cluster} 的 API 没有 ${kinds}，无法建立 ${count} 个对象；先升级 Kubernetes，或启用这些 API`,
      en: `the API of ${cluster} has no ${kinds}: ${objects} cannot be made; upgrade Kubernetes or switch these kinds on first`,
    };
  const { name, docs } = project;
  if (kinds === '')
    return {
      zh: `集群 ${cluster} 上没有 ${name} 的命名空间 ${namespace}，无法建立其中的 ${count} 个对象；先把 ${name} 安装到那里，或改正 clusters[].kueue.namespace，见 ${docs}`,
      en: `${name}'s namespace ${namespace} is not on ${cluster}: ${objects} cannot be made in it; install ${name} there first or correct clusters[].kueue.namespace, see ${docs}`,
    };
  const see: Text = docs === undefined ? { zh: '', en: '' } : { zh: `，见 ${docs}`, en: `, see ${docs}` };
  const home: Text =
    namespace === undefined
      ? { zh: '', en: '' }
      : { zh: `（也没有命名空间 ${namespace}）`, en: ` (nor is there its namespace ${namespace})` };
  return {
    zh: `集群 ${cluster} 未安装 ${name}${home.zh}：无法建立 ${count} 个对象（${kinds}）；请先安装${see.zh}`,
    en: `${name} is not installed on ${cluster}${home.en}: ${objects} of the kinds ${kinds} cannot be made; install it first${see.en}`,
  };
}
