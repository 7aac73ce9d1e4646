import { exporter } from '../stacks/exporter.ts';
import type { Change } from './difference.ts';
import { arrow, type Line } from './line.ts';
import type { Live } from './live.ts';
import { namespaceLines } from './namespace-lines.ts';
import { openings } from './openings.ts';
import { clusterLines, policyTell, shareLines } from './placement-lines.ts';
import { localQueueLines, queueLines } from './queue-lines.ts';
import { subjectsOf } from './subjects-of.ts';
import { listed, place, same, type Telling } from './telling.ts';

function binding({ action, object, wanted }: Change): Line[] {
  const before = action === 'add' ? [] : subjectsOf(object);
  const changed = listed(place(object), before, subjectsOf(wanted));
  return changed ? [{ subject: 'groups', text: same(changed) }] : [];
}

/** What the estate declares as `egress`, whatever the number of its namespaces; the other tenant's side of it says the same. */
const network: Telling['tell'] = ({ action, object, wanted }, { view, record }) => {
  const { name, namespace: at = '' } = object.metadata;
  const tenants = [...view.tenants, ...(record?.tenants ?? [])];
  const who = tenants.find(({ namespaces }) => namespaces.includes(at))?.id;
  const before = action === 'add' ? [] : openings(object);
  const after = openings(wanted);
  if (who === undefined || (action !== 'change' && !name.startsWith('to-'))) return [];
  return [
    ...after
      .filter((one) => !before.includes(one))
      .map((one): Line => ({ subject: 'egress', text: same(`${who} ${one}`) })),
    ...before
      .filter((one) => !after.includes(one))
      .map((one): Line => ({ subject: 'egress', text: { zh: `${who} 不再 ${one}`, en: `${who} no longer ${one}` } })),
  ];
};

/** The exporter's part of the declaration; boards and the like are counted. */
function texts({ action, object, wanted, fields }: Change): Line[] {
  if (object.metadata.namespace !== exporter.namespace || !object.metadata.name.endsWith('-plan')) return [];
  if (action !== 'change') return [];
  const files = Object.keys({ ...object.data, ...wanted?.data }).filter(
    (name) => object.data?.[name] !== wanted?.data?.[name],
  );
  if (files.length === 0 || fields.length === 0) return [];
  const names = files.join(' ');
  return [
    { subject: 'declaration', text: { zh: `采集器将读取新的 ${names}`, en: `the exporter gets another ${names}` } },
  ];
}

const imageOf = (object: Live | undefined): string | undefined =>
  (object?.spec as { template?: { spec?: { containers?: { image?: string }[] } } } | undefined)?.template?.spec
    ?.containers?.[0]?.image;
function workload({ action, object, wanted, fields }: Change): Line[] {
  if (action === 'remove')
    return [
      {
        subject: 'exporter',
        text: { zh: '删除：不再计量', en: 'is removed: nothing is measured any more' },
        danger: true,
      },
    ];
  if (action === 'add')
    return [{ subject: 'exporter', text: { zh: `新建，${imageOf(wanted)}`, en: `is made, ${imageOf(wanted)}` } }];
  const [before, after] = [imageOf(object), imageOf(wanted)];
  if (before !== after)
    return [{ subject: 'exporter', text: { zh: `镜像 ${arrow(before, after)}`, en: `image ${arrow(before, after)}` } }];
  const templated = fields.some(({ path }) => path[0] === 'spec' && path[1] === 'template');
  return templated ? [{ subject: 'exporter', text: { zh: '将重新启动', en: 'starts anew' } }] : [];
}

const ledger: Telling['tell'] = ({ action, object, fields }) =>
  action === 'add'
    ? []
    : [
        {
          subject: 'ledger',
          text:
            action === 'remove'
              ? {
                  zh: `声明中已没有 ${place(object)}；部署不会动它`,
                  en: `${place(object)} is no longer declared; a deploy leaves it alone`,
                }
              : same(fields.map(({ path, before, after }) => `${path.join('.')} ${arrow(before, after)}`).join('; ')),
          danger: true,
        },
      ];

const valueOf = (one: unknown): unknown => (one as { value?: number } | undefined)?.value;
const value: Telling['tell'] = ({ action, object, wanted }) => {
  return action === 'change' && valueOf(object) !== valueOf(wanted)
    ? [{ subject: 'priority', text: same(`${object.metadata.name}: ${arrow(valueOf(object), valueOf(wanted))}`) }]
    : [];
};

/**
 * The one table: each kind that the house makes or has ever made, by `group/Kind`. Deploys prune these kinds alone; quotas
 * and policies are told by files of their own, which sum them up.
 */
export const tellings: Readonly<Record<string, Telling>> = {
  '/Namespace': { tell: namespaceLines },
  '/ResourceQuota': {},
  '/LimitRange': {},
  '/ServiceAccount': {},
  '/ConfigMap': { tell: texts },
  '/Service': {},
  '/PersistentVolumeClaim': { tell: ledger },
  'storage.k8s.io/StorageClass': { tell: ledger },
  'apps/StatefulSet': { tell: workload },
  'networking.k8s.io/NetworkPolicy': { tell: network },
  'rbac.authorization.k8s.io/ClusterRole': {},
  'rbac.authorization.k8s.io/ClusterRoleBinding': { tell: binding },
  'rbac.authorization.k8s.io/Role': {},
  'rbac.authorization.k8s.io/RoleBinding': { tell: binding },
  'scheduling.k8s.io/PriorityClass': { tell: value },
  'policy/PodDisruptionBudget': {},
  'node.k8s.io/RuntimeClass': {},
  'resource.k8s.io/DeviceClass': {},
  'resource.k8s.io/ResourceClaimTemplate': {},
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': {},
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': {},
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': {},
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': {},
  'kueue.x-k8s.io/Topology': {},
  'kueue.x-k8s.io/ResourceFlavor': {},
  'kueue.x-k8s.io/Cohort': {},
  'kueue.x-k8s.io/ClusterQueue': { tell: queueLines },
  'kueue.x-k8s.io/LocalQueue': { tell: localQueueLines },
  'kueue.x-k8s.io/WorkloadPriorityClass': { tell: value },
  'kueue.x-k8s.io/AdmissionCheck': {},
  'kueue.x-k8s.io/MultiKueueCluster': { tell: clusterLines },
  'kueue.x-k8s.io/MultiKueueConfig': { tell: shareLines },
  'scheduling.volcano.sh/Queue': {},
  'topology.volcano.sh/HyperNode': {},
  'policy.karmada.io/PropagationPolicy': { tell: policyTell },
  'policy.karmada.io/ClusterPropagationPolicy': { tell: policyTell },
  'monitoring.coreos.com/ServiceMonitor': {},
  'monitoring.coreos.com/PrometheusRule': {},
};
