import { label } from './cel.ts';
import { DATA_CLASS, type PolicyOf } from './policy.ts';
import { bookkeeping } from './workloads.ts';

/** What need not say of which class its data are says nothing else than its namespace, and goes on saying it. */
export const dataClassLabels: PolicyOf = (cluster) => ({
  name: 'data-class-labels',
  title: {
    zh: '密钥、配置和服务上的数据分级与命名空间一致',
    en: "data class on secrets, config maps and services is their namespace's",
  },
  on: [{ group: '', resources: ['secrets', 'configmaps', 'services'], operations: ['CREATE', 'UPDATE'] }],
  where: 'tenants',
  unless: bookkeeping(cluster),
  variables: {
    want: label('namespaceObject', DATA_CLASS),
    have: label('object', DATA_CLASS),
    had: `request.operation == 'UPDATE' ? ${label('oldObject', DATA_CLASS)} : ''`,
  },
  rules: [
    {
      allows: "variables.have == variables.want || (variables.have == '' && variables.had == '')",
      message: {
        zh: `数据分级为 "{have}"，本命名空间为 "{want}"：请在 metadata.labels 写 ${DATA_CLASS}: {want}；不同分级的数据不得带入`,
        en: `data class is "{have}", this namespace's is "{want}": write ${DATA_CLASS}: {want} into metadata.labels; data of another class may not be brought here`,
      },
      values: { have: 'variables.have', want: 'variables.want' },
    },
  ],
});
