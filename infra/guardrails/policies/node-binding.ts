import { text } from './cel.ts';
import type { PolicyOf } from './policy.ts';
import { affinityTerms, bookkeeping, pod, podPath, workloads } from './workloads.ts';

const HOSTNAME = 'kubernetes.io/hostname';
const KUBERNETES = ['system:serviceaccount:kube-system:daemon-set-controller', 'system:kube-controller-manager'];

/**
 * Pods go where the scheduler puts them: a pod with its node's name passes over taints, queues and quotas. Of a daemon
 * set the controller names the node, and its template was judged; a pod that runs is judged again only where its
 * selectors change, as a topology-aware queue may have written them.
 */
export const nodeBinding: PolicyOf = (cluster) => ({
  name: 'node-binding',
  title: { zh: '不得指定节点', en: 'no workload chooses its node' },
  on: workloads,
  where: 'tenants',
  unless: {
    ...bookkeeping(cluster),
    'not-of-a-daemon-set': `request.operation == 'CREATE' && request.userInfo.username in [${KUBERNETES.map(text).join(', ')}]`,
    'not-placed-already':
      "request.operation == 'UPDATE' && dyn(object).kind == 'Pod' && " +
      'dyn(object).spec.?nodeSelector == dyn(oldObject).spec.?nodeSelector && ' +
      'dyn(object).spec.?affinity == dyn(oldObject).spec.?affinity',
  },
  variables: { pod, path: podPath, terms: affinityTerms },
  rules: [
    {
      allows: "variables.pod.spec.?nodeName.orValue('') == ''",
      message: {
        zh: '{path}spec.nodeName 指定了节点 {node}：请去掉，由调度器选择节点',
        en: '{path}spec.nodeName names node {node}: leave it out, the scheduler chooses the node',
      },
      values: { path: 'variables.path', node: 'variables.pod.spec.nodeName' },
    },
    {
      allows: `!(${text(HOSTNAME)} in variables.pod.spec.?nodeSelector.orValue({}))`,
      message: {
        zh: `{path}spec.nodeSelector 以 ${HOSTNAME} 指定了节点：请去掉，改选池的标签`,
        en: `{path}spec.nodeSelector names a node by ${HOSTNAME}: leave it out, and select a pool's label instead`,
      },
      values: { path: 'variables.path' },
    },
    {
      allows:
        'variables.terms.all(term, term.?matchFields.orValue([]).size() == 0 && ' +
        `term.?matchExpressions.orValue([]).all(wanted, wanted.key != ${text(HOSTNAME)}))`,
      message: {
        zh: `{path}spec.affinity.nodeAffinity 以 ${HOSTNAME} 或 matchFields 指定了节点：请去掉，改选池的标签`,
        en: `{path}spec.affinity.nodeAffinity names nodes by ${HOSTNAME} or matchFields: leave it out, and select a pool's label instead`,
      },
      values: { path: 'variables.path' },
    },
  ],
});
