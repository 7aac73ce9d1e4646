import type { CustomObject } from '../../kubernetes.ts';
import { named, names } from '../../labels.ts';
import type { Cluster } from '../../cluster.ts';
import { label, text } from '../policies/cel.ts';
import { holder, holderPath } from '../policies/holder.ts';
import { ANYWHERE, lacksTopology, placed, PRIORITY, ranks } from '../policies/needs.ts';
import { DATA_CLASS, TENANT } from '../policies/policy.ts';
import { byControllers, pod, workloads } from '../policies/workloads.ts';

const NAME = 'greenflops-queue-defaults';

/** The pod's, or the template's, place in the object, as a JSON pointer. */
const podPointer =
  "dyn(object).kind == 'Pod' ? '' : " +
  "dyn(object).kind == 'CronJob' ? '/spec/jobTemplate/spec/template' : '/spec/template'";

/** A label or an annotation that is added. */
interface Addition {
  readonly key: string;
  readonly value: string;
  /** Of the policy's variables that which is true where it is missing */
  readonly when: string;
}

/** CEL of the patches that add to a map of labels or annotations, which may be missing itself. */
function put(pointer: string, of: string, map: 'labels' | 'annotations', additions: readonly Addition[]): string {
  const path = `variables.${pointer} + '/metadata/${map}'`;
  const any = additions.map(({ when }) => `variables.${when}`).join(' || ');
  const missing = `!variables.${of}.?metadata.?${map}.hasValue()`;
  return [
    `((${any}) && ${missing} ? [JSONPatch{op: 'add', path: ${path}, value: {}}] : [])`,
    ...additions.map(
      ({ key, value, when }) =>
        `(variables.${when} ? [JSONPatch{op: 'add', path: ${path} + '/' + ` +
        `jsonpatch.escapeKey(${text(key)}), value: ${value}}] : [])`,
    ),
  ].join(' + ');
}

const classless = (of: string) => `variables.want != '' && ${label(of, DATA_CLASS)} == ''`;

/**
 * A tenant submits a job with its queue and nothing else: its data are of the class of its namespace, it goes by its
 * tenant's priority, and stands wherever there is room. Only what is missing is added, and only to what is new: Kueue, and
 * the controllers that make pods of what was judged, are let be. The validating policies see the result.
 */
export function queueDefaults(cluster: Cluster): CustomObject[] {
  const { enabled, defaults } = cluster.cluster.kueue;
  if (!enabled || defaults !== 'added') return [];
  const metadata = named(
    NAME,
    undefined,
    names({
      zh: '为新提交的任务补上数据分级、优先级和拓扑',
      en: 'what is submitted gets its data class, priority and topology',
    }),
  );
  const everything = { matchPolicy: 'Equivalent', objectSelector: {} };
  const variables = {
    want: label('namespaceObject', DATA_CLASS),
    order: ranks.order,
    most: ranks.most,
    placed: placed(cluster),
    pod,
    podPointer,
    holder: holder('object'),
    holderPointer: holderPath('/'),
    apart: 'variables.holderPointer != variables.podPointer',
    podClass: classless('variables.pod'),
    ownClass: `variables.apart && ${classless('variables.holder')}`,
    // A template that names a class of pods' priority is queued by that.
    priority:
      `variables.most in variables.order && ${label('variables.holder', PRIORITY)} == '' && ` +
      "variables.pod.spec.?priorityClassName.orValue('') == ''",
    podPriority: '!variables.apart && variables.priority',
    ownPriority: 'variables.apart && variables.priority',
    anywhere: lacksTopology(cluster, 'variables.pod'),
  };
  const patches = [
    put('podPointer', 'pod', 'labels', [
      { key: DATA_CLASS, value: 'variables.want', when: 'podClass' },
      { key: PRIORITY, value: 'variables.most', when: 'podPriority' },
    ]),
    put('podPointer', 'pod', 'annotations', [{ key: ANYWHERE, value: "'true'", when: 'anywhere' }]),
    put('holderPointer', 'holder', 'labels', [
      { key: DATA_CLASS, value: 'variables.want', when: 'ownClass' },
      { key: PRIORITY, value: 'variables.most', when: 'ownPriority' },
    ]),
  ];
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        reinvocationPolicy: 'IfNeeded',
        matchConstraints: {
          ...everything,
          namespaceSelector: {},
          resourceRules: workloads.map(({ group, resources }) => ({
            apiGroups: [group],
            apiVersions: ['v1'],
            operations: ['CREATE'],
            resources,
            scope: '*',
          })),
        },
        matchConditions: [{ name: 'not-by-controllers', expression: `!(${byControllers(cluster)})` }],
        variables: Object.entries(variables).map(([name, expression]) => ({ name, expression })),
        mutations: patches.map((expression) => ({ patchType: 'JSONPatch', jsonPatch: { expression } })),
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicyBinding',
      metadata,
      spec: {
        policyName: NAME,
        matchResources: {
          ...everything,
          namespaceSelector: { matchExpressions: [{ key: TENANT, operator: 'Exists' }] },
        },
      },
    },
  ];
}
