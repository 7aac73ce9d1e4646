import type { PolicyOf } from './policy.ts';
import { bookkeeping, byTenants, claimTemplates, pod, workloads } from './workloads.ts';

const CLAIM = "dyn(object).kind == 'PersistentVolumeClaim'";

/**
 * A volume made from another namespace's is a copy past every class. Of a claim itself the API server drops the field
 * unless its feature gate CrossNamespaceVolumeDataSource is on; templates of claims keep it until then.
 * Whoever chooses a volume gets the data that lie on it: administrators alone may, and bind it by a claim that they make.
 */
export const claimSources: PolicyOf = (cluster) => ({
  name: 'claim-sources',
  title: { zh: '卷不从其他命名空间复制，也不挑选', en: "no volume is made from another namespace's, nor chosen" },
  on: [...workloads, { group: '', resources: ['persistentvolumeclaims'], operations: ['CREATE', 'UPDATE'] }],
  where: 'tenants',
  unless: bookkeeping(cluster),
  variables: {
    pod: `${CLAIM} ? dyn(object) : ${pod}`,
    claims: `${CLAIM} ? [dyn(object)] : ${claimTemplates}`,
    foreign:
      'variables.claims.map(claim, string(claim.spec.?dataSourceRef.?namespace.orValue(request.namespace)))' +
      '.filter(from, from != request.namespace)',
    choosing:
      "variables.claims.exists(claim, claim.spec.?volumeName.orValue('') != '' || claim.spec.?selector.hasValue())",
    allowed:
      `${CLAIM} && (!(${byTenants(cluster)}) || ` +
      "(request.operation == 'UPDATE' && dyn(object).spec.?volumeName == dyn(oldObject).spec.?volumeName))",
  },
  rules: [
    {
      allows: 'variables.foreign.size() == 0',
      message: {
        zh: '卷的数据源在命名空间 {from}：只能取自本命名空间；其他命名空间的数据请登记为数据集，由所有者提供',
        en: "the volume's source lies in namespace {from}: it may come from this namespace alone; have data of another one registered as a dataset, and brought by its owner",
      },
      values: { from: 'variables.foreign[0]' },
    },
    {
      allows: '!variables.choosing || variables.allowed',
      message: {
        zh: '卷声明不得以 spec.volumeName 或 spec.selector 挑选已有的卷：请去掉，由 StorageClass 新建卷；要用已有的卷，请集群管理员建立卷声明',
        en: "no claim may choose a volume by spec.volumeName or spec.selector: leave them out, and the StorageClass makes a new one; for a volume that is there have the cluster's administrators make the claim",
      },
    },
  ],
});
