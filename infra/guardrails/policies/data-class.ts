import { label } from './cel.ts';
import { DATA_CLASS, type PolicyOf } from './policy.ts';
import { bookkeeping, claimTemplates, pod, podPath, workloads } from './workloads.ts';

const CLAIM = "dyn(object).kind == 'PersistentVolumeClaim'";

/** GB/T 43697-2024: what works on data says of which class they are, and it is the class of its namespace. */
export const dataClass: PolicyOf = (cluster) => ({
  name: 'data-class',
  title: { zh: '工作负载和卷的数据分级与命名空间一致', en: "data class of workloads and volumes is their namespace's" },
  on: [
    ...workloads,
    // Old kinds let labels be changed through their status as well.
    { group: '', resources: ['pods/status', 'persistentvolumeclaims/status'], operations: ['UPDATE'] },
    { group: '', resources: ['persistentvolumeclaims'], operations: ['CREATE', 'UPDATE'] },
  ],
  where: 'tenants',
  unless: bookkeeping(cluster),
  variables: {
    want: label('namespaceObject', DATA_CLASS),
    pod: `${CLAIM} ? dyn(object) : ${pod}`,
    path: `(${CLAIM} ? '' : ${podPath}) + 'metadata.labels'`,
    have: label('variables.pod', DATA_CLASS),
    own:
      `[${label('dyn(object)', DATA_CLASS)}, ${label('dyn(object).?spec.?jobTemplate', DATA_CLASS)}]` +
      ".filter(one, !(one in ['', variables.want]))",
    claims: claimTemplates,
  },
  rules: [
    {
      allows: "variables.want != ''",
      message: {
        zh: `命名空间 {namespace} 没有标签 ${DATA_CLASS}，其中不能新建或修改工作负载：请联系集群运维`,
        en: `namespace {namespace} has no label ${DATA_CLASS}, so nothing may be made or changed in it: ask the cluster's operators`,
      },
      values: { namespace: 'request.namespace' },
    },
    {
      allows: 'variables.have == variables.want',
      message: {
        zh: `数据分级为 "{have}"，本命名空间为 "{want}"：请在 {path} 写 ${DATA_CLASS}: {want}`,
        en: `data class is "{have}", this namespace's is "{want}": write ${DATA_CLASS}: {want} into {path}`,
      },
      values: { have: 'variables.have', want: 'variables.want', path: 'variables.path' },
    },
    {
      allows: 'variables.own.size() == 0',
      message: {
        zh: `数据分级为 "{own}"，本命名空间为 "{want}"：请在 {path} 写 ${DATA_CLASS}: {want}，或去掉该标签`,
        en: `data class is "{own}", this namespace's is "{want}": write ${DATA_CLASS}: {want} into {path}, or leave the label out`,
      },
      values: {
        own: 'variables.own[0]',
        want: 'variables.want',
        path:
          "(dyn(object).kind == 'CronJob' && variables.own[0] != " +
          label('dyn(object)', DATA_CLASS) +
          " ? 'spec.jobTemplate.' : '') + 'metadata.labels'",
      },
    },
    {
      allows: `variables.claims.all(claim, ${label('claim', DATA_CLASS)} == variables.want)`,
      message: {
        zh: `卷声明模板的数据分级与本命名空间的 "{want}" 不一致：请在每个 volumeClaimTemplate 的 metadata.labels 写 ${DATA_CLASS}: {want}`,
        en: `a volume claim template's data class is not this namespace's "{want}": write ${DATA_CLASS}: {want} into metadata.labels of each volumeClaimTemplate`,
      },
      values: { want: 'variables.want' },
    },
  ],
});
