import type { PolicyOf } from './policy.ts';
import { bookkeeping, pod, podPath, workloads } from './workloads.ts';

const terms = (affinity: string): string => {
  const of = `variables.pod.spec.?affinity.?${affinity}`;
  return (
    `${of}.?requiredDuringSchedulingIgnoredDuringExecution.orValue([]) + ` +
    `${of}.?preferredDuringSchedulingIgnoredDuringExecution.orValue([]).map(preferred, preferred.podAffinityTerm)`
  );
};

/** One pod that keeps away from everybody's would keep everybody's away: the scheduler honours such terms both ways. */
export const neighbours: PolicyOf = (cluster) => ({
  name: 'neighbours',
  title: { zh: 'Pod 亲和与反亲和只涉及本命名空间', en: 'pod affinity looks at its own namespace alone' },
  on: workloads,
  where: 'tenants',
  unless: bookkeeping(cluster),
  variables: { pod, path: podPath, terms: `${terms('podAffinity')} + ${terms('podAntiAffinity')}` },
  rules: [
    {
      allows:
        'variables.terms.all(term, !has(term.namespaceSelector) && ' +
        'term.?namespaces.orValue([]).all(one, one == request.namespace))',
      message: {
        zh: '{path}spec.affinity 的 Pod 亲和或反亲和涉及其他命名空间，会挤走或跟随别人的 Pod：请去掉 namespaceSelector，namespaces 只写 {namespace}',
        en: "pod affinity or anti-affinity in {path}spec.affinity looks at other namespaces, and would drive out or follow others' pods: leave out namespaceSelector, and write {namespace} alone into namespaces",
      },
      values: { path: 'variables.path', namespace: 'request.namespace' },
    },
  ],
});
