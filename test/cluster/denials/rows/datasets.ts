import { create, patch } from '../asks.ts';
import { claim, claimSpec, CLASS, GENERAL, pod, statefulSet } from '../objects.ts';
import { pair } from '../pair.ts';
import { lin, ore } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const DATASET = 'greenflops.io/dataset';
const IMPORTANT = { [CLASS]: 'important' };

const holds = (dataset: string) => ({ ...GENERAL, [DATASET]: dataset });
const datasets = (id: string, dataset: string, says: string, good: string): Row =>
  pair(id, { who: lin, policy: 'datasets', says, bad: claim(id, holds(dataset)), good: claim(id, holds(good)) });

const snapshot = (namespace: string) => ({
  dataSourceRef: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'night', namespace },
});
const template = (namespace: string) => ({ metadata: { labels: GENERAL }, spec: claimSpec(snapshot(namespace)) });
const copies = (namespace: string) => ({
  fields: {
    volumeClaimTemplates: [{ metadata: { name: 'data', labels: GENERAL }, spec: claimSpec(snapshot(namespace)) }],
  },
});
const scratch = (namespace: string) => ({
  volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: template(namespace) } }],
});
const copied =
  "卷的数据源在命名空间 ore-vault：只能取自本命名空间；其他命名空间的数据请登记为数据集，由所有者提供 / the volume's source lies in namespace ore-vault: it may come from this namespace alone; have data of another one registered as a dataset, and brought by its owner";

export const datasetRows: readonly Row[] = [
  datasets(
    'dataset-that-is-not-declared',
    'smelter-log',
    '声明中没有数据集 "smelter-log"：请在 estate.yaml 的 datasets 中登记，或改正标签 greenflops.io/dataset / no dataset "smelter-log" is declared: register it in datasets of estate.yaml, or correct the label greenflops.io/dataset',
    'price-index',
  ),
  datasets(
    'dataset-not-cleared-for-the-cluster',
    'drill-cores',
    '数据集 drill-cores 未获准存放在集群 prove：请使用其 clusters 列出的集群 / dataset drill-cores may not lie on cluster prove: use a cluster that its declaration lists in clusters',
    'price-index',
  ),
  {
    ...datasets(
      'dataset-above-the-namespace',
      'smelter-logs',
      '数据集 smelter-logs 为 important 级，本命名空间只到 "general" 级：请使用 important 级的命名空间 / dataset smelter-logs is of class important, and this namespace is of "general" only: use a namespace of class important',
      'price-index',
    ),
    twin: create(ore, 'ore-vault', claim('dataset-above-the-namespace', { ...IMPORTANT, [DATASET]: 'smelter-logs' })),
  },
  datasets(
    'dataset-of-another-tenant',
    'assay-notes',
    '租户 copper-ai 既不是数据集 assay-notes 的所有者，也不在其 readers 中：请由所有者在声明中加入 / tenant copper-ai neither owns dataset assay-notes nor is among its readers: have its owner add you to the declaration',
    'price-index',
  ),
  {
    id: 'dataset-taken-off-a-claim',
    by: 'policy datasets',
    denied: patch(lin, 'copper-train', 'PersistentVolumeClaim/live', { metadata: { labels: { [DATASET]: null } } }),
    message: refusal(
      'datasets',
      'persistentvolumeclaims "live"',
      '卷中是数据集 price-index，标签 greenflops.io/dataset 不得改为 ""：请为另一个数据集另建卷 / the volume holds dataset price-index, and its label greenflops.io/dataset may not become "": make another volume for another dataset',
    ),
    twin: patch(lin, 'copper-train', 'PersistentVolumeClaim/live', { metadata: { labels: { note: 'a' } } }),
  },
  pair('claim-template-from-another-namespace', {
    who: lin,
    policy: 'claim-sources',
    says: copied,
    bad: statefulSet('claim-template-from-another-namespace', copies('ore-vault')),
    good: statefulSet('claim-template-from-another-namespace', copies('copper-train')),
  }),
  pair('scratch-volume-from-another-namespace', {
    who: lin,
    policy: 'claim-sources',
    says: copied,
    bad: pod('scratch-volume-from-another-namespace', scratch('ore-vault')),
    good: pod('scratch-volume-from-another-namespace', scratch('copper-train')),
  }),
];
