import type { KubernetesObject } from '../kubernetes.ts';
import { groupProblems, totals, type Group } from './webhook-groups.ts';
import { KEY, problem, type WebhookProblem } from './webhook-problem.ts';

export type { WebhookProblem };

interface Spec {
  readonly cohortName?: string;
  readonly parentName?: string;
  readonly resourceGroups?: readonly Group[];
  readonly preemption?: { readonly reclaimWithinCohort?: string; readonly borrowWithinCohort?: { policy?: string } };
  readonly admissionChecksStrategy?: { admissionChecks?: readonly { name: string; onFlavors?: readonly string[] }[] };
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly { readonly key?: string }[];
}

const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

const LABELS = { zh: '请改正资源池的 nodes.selector', en: "correct the pool's nodes.selector" };
const TAINTS = { zh: '请改正资源池的 taints', en: "correct the pool's taints" };

/**
 * What only Kueue's webhooks catch (pkg/webhooks of Kueue 0.19), of a ClusterQueue, Cohort or ResourceFlavor, with the
 * limits of their CRDs: the API server stores such an object where no webhook is registered. [] for any other kind.
 */
export function webhookProblems({ apiVersion, kind, ...object }: KubernetesObject): WebhookProblem[] {
  if (!apiVersion.startsWith('kueue.x-k8s.io/')) return [];
  return rows[kind]?.((object as { spec?: Spec }).spec ?? {}) ?? [];
}

const rows: Readonly<Record<string, (spec: Spec) => WebhookProblem[]>> = {
  ClusterQueue: (spec) => [
    ...groupProblems(spec.resourceGroups ?? [], spec.cohortName !== undefined, true),
    ...totals(spec.resourceGroups ?? []),
    ...preemption(spec),
    ...checks(spec),
  ],
  Cohort: (spec) => groupProblems(spec.resourceGroups ?? [], spec.parentName !== undefined, false),
  ResourceFlavor: ({ nodeLabels = {}, tolerations = [] }) => [
    ...Object.entries(nodeLabels).flatMap(([key, value]) =>
      KEY.test(key) && VALUE.test(value)
        ? []
        : [
            problem(
              ['spec', 'nodeLabels', key],
              `${key}=${value} 不是合法的标签`,
              `${key}=${value} is no valid label`,
              LABELS,
            ),
          ],
    ),
    ...tolerations.flatMap(({ key = '' }, i) =>
      key === '' || KEY.test(key)
        ? []
        : [
            problem(
              ['spec', 'tolerations', i, 'key'],
              `${key} 不是合法的污点键`,
              `${key} is no valid key of a taint`,
              TAINTS,
            ),
          ],
    ),
  ],
};

const preemption = ({ preemption: { reclaimWithinCohort, borrowWithinCohort } = {} }: Spec): WebhookProblem[] =>
  (reclaimWithinCohort ?? 'Never') === 'Never' && (borrowWithinCohort?.policy ?? 'Never') !== 'Never'
    ? [
        problem(
          ['spec', 'preemption'],
          'reclaimWithinCohort 为 Never 时 borrowWithinCohort 只能为 Never',
          'with reclaimWithinCohort Never, borrowWithinCohort must be Never',
        ),
      ]
    : [];

function checks({ resourceGroups = [], admissionChecksStrategy: { admissionChecks = [] } = {} }: Spec) {
  const known = new Set(resourceGroups.flatMap(({ flavors }) => flavors.map(({ name }) => name)));
  const path = ['spec', 'admissionChecksStrategy', 'admissionChecks'];
  return admissionChecks.flatMap(({ onFlavors = [] }, i) =>
    onFlavors.flatMap((flavor, j) =>
      known.has(flavor)
        ? []
        : [problem([...path, i, 'onFlavors', j], `本队列没有规格 ${flavor}`, `the queue has no flavour ${flavor}`)],
    ),
  );
}
