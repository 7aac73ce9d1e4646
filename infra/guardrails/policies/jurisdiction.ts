import { label, text } from './cel.ts';
import { JURISDICTION, type PolicyOf } from './policy.ts';
import { affinityTerms, bookkeeping, pod, workloads } from './workloads.ts';

/** A workload that says under whose law it runs, or asks for such nodes, means the cluster's own. */
export const jurisdiction: PolicyOf = (view) => {
  const { id, jurisdiction: here } = view.cluster;
  const message = {
    zh: `集群 ${id} 属 ${here} 管辖，{what} 写的是 "{have}"：请写 ${JURISDICTION}: ${here}，或去掉`,
    en: `cluster ${id} is under the jurisdiction ${here}, and {what} says "{have}": write ${JURISDICTION}: ${here}, or leave it out`,
  };
  const says = (what: string, have: string) => ({
    allows: `${have} in ['', ${text(here)}]`,
    message,
    values: { what: text(what), have },
  });
  return {
    name: 'jurisdiction',
    title: { zh: '工作负载只在本集群的管辖地运行', en: "workloads run under the cluster's jurisdiction alone" },
    on: workloads,
    where: 'tenants',
    unless: bookkeeping(view),
    variables: { pod, terms: affinityTerms },
    rules: [
      says('metadata.labels', label('dyn(object)', JURISDICTION)),
      says('jobTemplate.metadata.labels', label('dyn(object).?spec.?jobTemplate', JURISDICTION)),
      says('template.metadata.labels', label('variables.pod', JURISDICTION)),
      says('nodeSelector', `variables.pod.spec.?nodeSelector[?${text(JURISDICTION)}].orValue('')`),
      {
        allows:
          'variables.terms.all(term, term.?matchExpressions.orValue([]).all(wanted, ' +
          `wanted.key != ${text(JURISDICTION)} || ` +
          `(wanted.operator == 'In' && wanted.values.all(value, value == ${text(here)}))))`,
        message: {
          zh: `集群 ${id} 属 ${here} 管辖，nodeAffinity 选了其他管辖地：${JURISDICTION} 只能用 operator: In、values: [${here}]`,
          en: `cluster ${id} is under the jurisdiction ${here}, and nodeAffinity asks for another one: with ${JURISDICTION} use operator: In, values: [${here}]`,
        },
      },
    ],
  };
};
