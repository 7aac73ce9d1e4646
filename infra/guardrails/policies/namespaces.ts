import { dataClasses } from '../../../model/schema/data-class.ts';
import { label, map, texts } from './cel.ts';
import { DATA_CLASS, JURISDICTION, TENANT, type PolicyOf } from './policy.ts';
import { byKubernetes, byTenants, ending } from './workloads.ts';

const had = (key: string) => `request.operation == 'UPDATE' ? ${label('oldObject', key)} : ''`;

/** What every other policy goes by: whose a namespace is, of which class its data are, and under whose law they lie. */
export const namespaces: PolicyOf = (view) => {
  const { cluster, tenants } = view;
  const { data_classes: classes, jurisdiction } = cluster;
  const allowed = classes.join(', ');
  return {
    name: 'namespaces',
    title: { zh: '命名空间的归属、数据分级和管辖地', en: "namespaces' tenant, data class and jurisdiction" },
    on: [
      // Labels can be changed through a namespace's status and its finalizers as well.
      { group: '', resources: ['namespaces'], operations: ['CREATE', 'UPDATE'] },
      { group: '', resources: ['namespaces/status', 'namespaces/finalize'], operations: ['UPDATE'] },
    ],
    where: 'everywhere',
    unless: { 'not-by-kubernetes': `request.operation == 'UPDATE' && (${byKubernetes})`, 'not-ending': ending },
    variables: {
      rank: map(dataClasses.map((name, i) => [name, String(i)])),
      declared: map(tenants.map((tenant) => [tenant.id, texts(tenant.namespaces)])),
      name: "object.metadata.?name.orValue('')",
      tenant: label('object', TENANT),
      owner: had(TENANT),
      have: label('object', DATA_CLASS),
      had: had(DATA_CLASS),
      place: label('object', JURISDICTION),
      lay: had(JURISDICTION),
    },
    rules: [
      {
        allows:
          `!(${byTenants(view)}) || ` +
          "(request.operation == 'UPDATE' && object.metadata.?labels == oldObject.metadata.?labels)",
        message: {
          zh: '租户不得新建命名空间或修改其标签：请联系集群运维，由声明（estate.yaml）修改',
          en: "a tenant may neither make a namespace nor change its labels: ask the cluster's operators, who change the declaration (estate.yaml)",
        },
      },
      {
        allows: "variables.owner in ['', variables.tenant]",
        message: {
          zh: `命名空间属于租户 {owner}，标签 ${TENANT} 不得改为 "{tenant}"：请在新的命名空间中另建`,
          en: `the namespace is tenant {owner}'s, and its label ${TENANT} may not become "{tenant}": make a new namespace instead`,
        },
        values: { owner: 'variables.owner', tenant: 'variables.tenant' },
      },
      {
        allows:
          "variables.tenant in ['', variables.owner] || " +
          '(variables.tenant in variables.declared && variables.name in variables.declared[variables.tenant])',
        message: {
          zh: `声明没有把命名空间 {name} 给租户 "{tenant}"，不得写标签 ${TENANT}，否则会并入其网络：请先加入 estate.yaml 中该租户的 namespaces`,
          en: `the declaration does not give namespace {name} to tenant "{tenant}", whose network the label ${TENANT} would open to it: add it to the tenant's namespaces in estate.yaml first`,
        },
        values: { name: 'variables.name', tenant: 'variables.tenant' },
      },
      {
        allows:
          '!(variables.had in variables.rank) || ' +
          '(variables.have in variables.rank && variables.rank[variables.have] >= variables.rank[variables.had])',
        message: {
          zh: `数据分级不得由 {had} 降为 "{have}" 或去掉：请另建该分级的命名空间，数据经审批后再转移`,
          en: `the data class may not go down from {had} to "{have}", nor be taken off: make a namespace of that class, and move data there once that is approved`,
        },
        values: { had: 'variables.had', have: 'variables.have' },
      },
      {
        allows: `variables.have in ${texts(classes)} || (variables.tenant == '' && variables.have == '')`,
        message: {
          zh: `数据分级 "{have}" 不在集群 ${cluster.id} 允许之列（${allowed}）：请改 ${DATA_CLASS}，或放到允许该分级的集群`,
          en: `data class "{have}" is none that cluster ${cluster.id} may hold (${allowed}): change ${DATA_CLASS}, or take a cluster that may hold it`,
        },
        values: { have: 'variables.have' },
      },
      {
        allows:
          `variables.place == '${jurisdiction}' || ` +
          "(variables.tenant == '' && variables.place == '' && variables.lay == '')",
        message: {
          zh: `集群 ${cluster.id} 属 ${jurisdiction} 管辖，命名空间写的是 "{place}"：请写 ${JURISDICTION}: ${jurisdiction}`,
          en: `cluster ${cluster.id} is under the jurisdiction ${jurisdiction}, and the namespace says "{place}": write ${JURISDICTION}: ${jurisdiction}`,
        },
        values: { place: 'variables.place' },
      },
    ],
  };
};
