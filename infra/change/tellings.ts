import { dataClasses } from '../../model/schema/data-class.ts';
import type { Text } from '../../model/text.ts';
import { exporter } from '../stacks/exporter.ts';
import type { Change } from './difference.ts';
import { arrow, type Line, type Subject } from './line.ts';
import type { Live } from './live.ts';
import type { Observed } from './observe.ts';
import { openings } from './openings.ts';
import { subjectsOf } from './subjects-of.ts';

/** How the change of one kind is told. Whatever a row says nothing of is counted by its kind. */
interface Telling {
  readonly tell?: (change: Change, observed: Observed) => readonly Line[];
}

const same = (text: string): Text => ({ zh: text, en: text });
const label = (object: Live | undefined, key: string): string | undefined => object?.metadata.labels?.[key];
const tenantOf = (object: Live): string | undefined => label(object, 'greenflops.io/tenant');

const LEVELS = ['restricted', 'baseline', 'privileged'];
const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

/** Labels of a tenant's namespace that people read, and when their change takes protection away. */
const labels: readonly {
  readonly key: string;
  readonly subject: Subject;
  readonly worse?: (before: string, after: string) => boolean;
}[] = [
  {
    key: 'greenflops.io/data-class',
    subject: 'class',
    worse: (before, after) => dataClasses.indexOf(after as never) < dataClasses.indexOf(before as never),
  },
  { key: 'greenflops.io/jurisdiction', subject: 'class', worse: () => true },
  { key: POD_SECURITY, subject: 'security', worse: (before, after) => LEVELS.indexOf(after) > LEVELS.indexOf(before) },
  { key: 'greenflops.io/priority', subject: 'priority' },
  { key: 'greenflops.io/tenant', subject: 'namespace', worse: () => true },
  { key: 'greenflops.io/action', subject: 'namespace' },
];

const poolsOf = (from: Live | undefined): string[] =>
  Object.keys(from?.metadata.labels ?? {}).flatMap((key) => /^pool\.greenflops\.io\/(.+)$/.exec(key)?.[1] ?? []);

function namespace({ action, object, wanted }: Change): Line[] {
  const { name } = object.metadata;
  const tenant = tenantOf(action === 'add' ? (wanted ?? object) : object);
  const whose: Text =
    tenant === undefined ? same(name) : { zh: `${name}（租户 ${tenant}）`, en: `${name} (tenant ${tenant})` };
  if (action === 'add') {
    const [level, pods] = [label(wanted, 'greenflops.io/data-class'), label(wanted, POD_SECURITY)];
    const more: Text =
      level === undefined
        ? same('')
        : {
            zh: `，数据级别 ${level}，Pod 安全级别 ${pods}`,
            en: `, data class ${level}, pod security ${pods}`,
          };
    return [{ subject: 'namespace', text: { zh: `新建 ${whose.zh}${more.zh}`, en: `${whose.en} is made${more.en}` } }];
  }
  if (action === 'remove')
    return [
      {
        subject: name === exporter.namespace ? 'ledger' : 'namespace',
        text: { zh: `删除 ${whose.zh}，连同其中的一切`, en: `${whose.en} is deleted with all that is in it` },
        danger: true,
      },
    ];
  const lines = labels.flatMap(({ key, subject, worse }): Line[] => {
    const [before, after] = [label(object, key), label(wanted, key)];
    if (before === after) return [];
    const danger = before !== undefined && (after === undefined || worse?.(before, after));
    return [{ subject, text: same(`${name}: ${key} ${arrow(before, after)}`), ...(danger && { danger }) }];
  });
  const changed = listed(name, poolsOf(object), poolsOf(wanted));
  return changed
    ? [...lines, { subject: 'namespace', text: { zh: `${changed}（可用的池）`, en: `${changed} (its pools)` } }]
    : lines;
}

/** `where: +new −gone`; undefined where both hold the same. */
function listed(where: string, before: readonly string[], after: readonly string[]): string | undefined {
  const more = after.filter((one) => !before.includes(one)).map((one) => `+${one}`);
  const less = before.filter((one) => !after.includes(one)).map((one) => `−${one}`);
  return more.length + less.length > 0 ? `${where}: ${[...more, ...less].join(' ')}` : undefined;
}

const place = ({ metadata: { name, namespace: at } }: Live): string => (at === undefined ? name : `${at}/${name}`);

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
  '/Namespace': { tell: namespace },
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
  'monitoring.coreos.com/ServiceMonitor': {},
  'monitoring.coreos.com/PrometheusRule': {},
};
