import { controllerKinds, controllerTemplates } from '../roles/controllers.ts';
import { label, texts } from './cel.ts';
import { holder, holderPath } from './holder.ts';
import { ANYWHERE, lacksTopology, placed, PRIORITY, ranks, templates } from './needs.ts';
import { DATA_CLASS, type PolicyOf, type Rule } from './policy.ts';
import { byControllers, ending, pausing, workloads } from './workloads.ts';

const QUEUE = 'kueue.x-k8s.io/queue-name';

/**
 * What a job needs besides its queue. Where the estate says so it was added already (mutations/defaults.ts), and this
 * demands it of the kinds of declared controllers and of changes alone. It speaks once the queue is named, the namespace has
 * a class and the class is right, which policies of their own demand: of two that refuse, the server names either.
 */
export const queueDefaults: PolicyOf = (cluster) => {
  if (!cluster.cluster.kueue.enabled) return undefined;
  // Of Kubernetes' own kinds, Job among them, the policy data-class demands it
  const kinds = controllerTemplates(cluster).flatMap(([kind]) => (kind === 'Job' ? [] : [kind]));
  return {
    name: 'queue-defaults',
    title: { zh: '排队的工作负载写明优先级和拓扑', en: 'what queues says its priority and its topology' },
    on: [...workloads, ...controllerKinds(cluster)],
    where: 'tenants',
    unless: { 'not-by-controllers': byControllers(cluster), 'not-ending': ending, 'not-pausing': pausing },
    variables: {
      templates: templates(cluster),
      holder: holder('object'),
      want: label('namespaceObject', DATA_CLASS),
      queued: `variables.want != '' && ${label('variables.holder', QUEUE)} != ''`,
      classless: `variables.templates.filter(one, ${label('one', DATA_CLASS)} != variables.want)`,
      order: ranks.order,
      most: ranks.most,
      top: ranks.top,
      placed: placed(cluster),
    },
    rules: [
      ...(kinds.length > 0 ? [classOfTemplates(kinds)] : []),
      {
        allows:
          "request.operation != 'CREATE' || !variables.queued || variables.classless.size() > 0 || " +
          `${label('variables.holder', PRIORITY)} != '' || ` +
          "variables.templates.exists(one, one.?spec.?priorityClassName.orValue('') != '')",
        message: {
          zh: `没有写明排队的优先级，会排在所有人之后：请在 {path} 写 ${PRIORITY}: {top}`,
          en: `its priority in the queue is not named, and it would come after everybody's: write ${PRIORITY}: {top} into {path}`,
        },
        values: { path: `${holderPath('.')} + 'metadata.labels'`, top: 'variables.top' },
      },
      {
        allows:
          '!variables.queued || variables.classless.size() > 0 || ' +
          `!variables.templates.exists(one, ${lacksTopology(cluster, 'one')})`,
        message: {
          zh: `申请了加速卡的 Pod 模板没有写明拓扑，Kueue 不会接纳：请在其 metadata.annotations 写 ${ANYWHERE}: "true"；要放在同一机架的改写 podset-required-topology 或 podset-preferred-topology`,
          en: `a pod template that asks for chips names no topology, and Kueue would not admit it: write ${ANYWHERE}: "true" into its metadata.annotations, or podset-required-topology or podset-preferred-topology to keep its pods in one rack`,
        },
      },
    ],
  };
};

const classOfTemplates = (kinds: readonly string[]): Rule => ({
  allows: `!(dyn(object).kind in ${texts(kinds)}) || variables.classless.size() == 0`,
  message: {
    zh: `Pod 模板的数据分级不是本命名空间的 "{want}"：请在每个 Pod 模板的 metadata.labels 写 ${DATA_CLASS}: {want}`,
    en: `a pod template's data class is not this namespace's "{want}": write ${DATA_CLASS}: {want} into metadata.labels of each pod template`,
  },
  values: { want: 'variables.want' },
});
