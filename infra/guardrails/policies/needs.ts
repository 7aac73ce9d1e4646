import { priorities, priorityClassOf } from '../priority-classes.ts';
import { controllerTemplates } from '../roles/controllers.ts';
import type { Cluster } from '../../cluster.ts';
import { placedChips, unplacedChips } from './chips.ts';
import { label, map, text, texts } from './cel.ts';
import { TENANT } from './policy.ts';

export const PRIORITY = 'kueue.x-k8s.io/priority-class';
/** Wherever there is room: the least that a template can want */
export const ANYWHERE = 'kueue.x-k8s.io/podset-unconstrained-topology';

/** Priorities of a tenant's namespace: all in their order, and the highest that it may use, the lowest where it states none. */
export const ranks = {
  order: map(priorities.map((name, i) => [priorityClassOf(name), String(i)])),
  most: `'greenflops-' + ${label('namespaceObject', 'greenflops.io/priority')}`,
  top: `variables.most in variables.order ? variables.most : '${priorityClassOf('low')}'`,
};

/** CEL of all pod templates of an object: a pod itself, a template that it is made from, or those of a controller's kind. */
export const templates = (cluster: Cluster): string =>
  "dyn(object).kind == 'Pod' ? [dyn(object)] : " +
  "dyn(object).kind == 'CronJob' ? [dyn(object).spec.jobTemplate.spec.template] : " +
  controllerTemplates(cluster)
    .map(([kind, of]) => `dyn(object).kind == ${text(kind)} ? ${of} : `)
    .join('') +
  '[?dyn(object).?spec.?template]';

/** CEL of the names of the tenant's chips that Kueue places on nodes. */
export const placed = (cluster: Cluster): string =>
  `{${placedChips(cluster)
    .filter(({ names }) => names.length > 0)
    .map(({ tenant, names }) => `${text(tenant)}: ${texts(names)}`)
    .join(', ')}}[?${label('namespaceObject', TENANT)}].orValue([])`;

const containers = (template: string) =>
  `(${template}.?spec.?containers.orValue([]) + ${template}.?spec.?initContainers.orValue([]))`;
const asks = (template: string, names: string) =>
  `${containers(template)}.exists(container, container.?resources.?limits.orValue({}).exists(name, name in ${names}))`;

/**
 * CEL that is true of a template that asks for chips in `variables.placed` and says nothing of topology. One with claims,
 * or parts of chips, says nothing: these stand on no node, and Kueue would find no flavour for it.
 */
export const lacksTopology = (cluster: Cluster, template: string): string => {
  const others = unplacedChips(cluster);
  return [
    asks(template, 'variables.placed'),
    `${template}.?spec.?resourceClaims.orValue([]).size() == 0`,
    ...(others.length > 0 ? [`!${asks(template, texts(others))}`] : []),
    `!${template}.?metadata.?annotations.orValue({}).exists(key, key.matches('^kueue[.]x-k8s[.]io/podset-.*topology'))`,
  ].join(' && ');
};
