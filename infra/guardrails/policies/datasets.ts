import { dataClasses } from '../../../model/schema/data-class.ts';
import { label, map, text, texts } from './cel.ts';
import { DATA_CLASS, TENANT, type PolicyOf } from './policy.ts';
import { bookkeeping } from './workloads.ts';

const DATASET = 'greenflops.io/dataset';

/** A volume that holds a dataset of the estate lies where that dataset may lie, and with whom may read it. */
export const datasets: PolicyOf = (view) => {
  const { cluster, plan } = view;
  const all = plan.estate.datasets;
  const known = '(variables.id in variables.tenants)';
  return {
    name: 'datasets',
    title: { zh: '数据集的卷只放在获准的集群和命名空间', en: 'volumes of datasets lie where these may lie' },
    on: [{ group: '', resources: ['persistentvolumeclaims'], operations: ['CREATE', 'UPDATE'] }],
    where: 'tenants',
    unless: bookkeeping(view),
    variables: {
      id: label('object', DATASET),
      had: `request.operation == 'UPDATE' ? ${label('oldObject', DATASET)} : ''`,
      tenant: label('namespaceObject', TENANT),
      have: label('namespaceObject', DATA_CLASS),
      rank: map(dataClasses.map((name, i) => [name, String(i)])),
      tenants: map(all.map(({ id, owner, readers }) => [id, texts([...new Set([owner, ...readers])])])),
      classes: map(all.map((dataset) => [dataset.id, text(dataset.class)])),
      here: texts(all.flatMap(({ id, clusters }) => (clusters.includes(cluster.id) ? [id] : []))),
    },
    rules: [
      {
        allows: "variables.had in ['', variables.id]",
        message: {
          zh: `卷中是数据集 {had}，标签 ${DATASET} 不得改为 "{id}"：请为另一个数据集另建卷`,
          en: `the volume holds dataset {had}, and its label ${DATASET} may not become "{id}": make another volume for another dataset`,
        },
        values: { had: 'variables.had', id: 'variables.id' },
      },
      {
        allows: `variables.id == '' || ${known}`,
        message: {
          zh: `声明中没有数据集 "{id}"：请在 estate.yaml 的 datasets 中登记，或改正标签 ${DATASET}`,
          en: `no dataset "{id}" is declared: register it in datasets of estate.yaml, or correct the label ${DATASET}`,
        },
        values: { id: 'variables.id' },
      },
      {
        allows: `!${known} || variables.id in variables.here`,
        message: {
          zh: `数据集 {id} 未获准存放在集群 ${cluster.id}：请使用其 clusters 列出的集群`,
          en: `dataset {id} may not lie on cluster ${cluster.id}: use a cluster that its declaration lists in clusters`,
        },
        values: { id: 'variables.id' },
      },
      {
        allows:
          `!${known} || (variables.have in variables.rank && ` +
          'variables.rank[variables.classes[variables.id]] <= variables.rank[variables.have])',
        message: {
          zh: `数据集 {id} 为 {class} 级，本命名空间只到 "{have}" 级：请使用 {class} 级的命名空间`,
          en: `dataset {id} is of class {class}, and this namespace is of "{have}" only: use a namespace of class {class}`,
        },
        values: { id: 'variables.id', class: 'variables.classes[variables.id]', have: 'variables.have' },
      },
      {
        allows: `!${known} || variables.tenant in variables.tenants[variables.id]`,
        message: {
          zh: `租户 {tenant} 既不是数据集 {id} 的所有者，也不在其 readers 中：请由所有者在声明中加入`,
          en: `tenant {tenant} neither owns dataset {id} nor is among its readers: have its owner add you to the declaration`,
        },
        values: { tenant: 'variables.tenant', id: 'variables.id' },
      },
    ],
  };
};
