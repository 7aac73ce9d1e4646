import type { Text } from '../../model/text.ts';
import type { Cluster } from '../cluster.ts';
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Subject } from '../kubernetes.ts';
import { named, names } from '../labels.ts';
import { exporter } from '../stacks/exporter.ts';
import { auditorRights } from './roles/auditor.ts';
import { asksByAccount, exporterRights } from './roles/exporter.ts';
import { operatorRights } from './roles/operator.ts';
import type { Right } from './roles/right.ts';
import { tenantRights } from './roles/tenant.ts';
import { groupsAsSubjects, roleNamed } from './subjects.ts';

/** A role and who has it in the whole cluster; the tenants' is bound in their namespaces instead. */
interface Role {
  readonly name: string;
  readonly what: Text;
  readonly rights: readonly Right[];
  readonly everywhere: (cluster: Cluster) => readonly Subject[];
}

/** The exporter asks the API and the Kueue of the cluster that it runs on; another cluster's take what its owner makes. */
const exporterAccount = (cluster: Cluster): Subject[] =>
  cluster.hostsExporter && asksByAccount(cluster)
    ? [{ kind: 'ServiceAccount', name: exporter.name, namespace: exporter.namespace }]
    : [];

/** The one list of roles. None of them is aggregated into Kubernetes' own (view, edit, admin), nor takes anything from them. */
const all: readonly Role[] = [
  {
    name: 'greenflops-tenant',
    what: { zh: '租户成员，仅在本租户的命名空间内', en: "members of a tenant, in the tenant's own namespaces alone" },
    rights: tenantRights,
    everywhere: () => [],
  },
  {
    name: 'greenflops-operator',
    what: { zh: '运维：查看全局，腾空节点', en: 'operators: see everything, make room on nodes' },
    rights: operatorRights,
    everywhere: ({ cluster }) => groupsAsSubjects(cluster.access.operators),
  },
  {
    name: 'greenflops-auditor',
    what: { zh: '审计：只读，含权限与策略', en: 'auditors: read alone, rights and policies among it' },
    rights: auditorRights,
    everywhere: ({ cluster }) => groupsAsSubjects(cluster.access.auditors),
  },
  {
    name: 'greenflops-exporter',
    what: { zh: '采集器：节点、容器组与队列的指标', en: 'the exporter: nodes, pods and the metrics of queues' },
    rights: exporterRights,
    everywhere: exporterAccount,
  },
];

/** The four roles of a cluster and who has them in all of it. */
export const roles = (cluster: Cluster): (ClusterRole | ClusterRoleBinding)[] =>
  all.flatMap(({ name, what, rights, everywhere }) => {
    const own = rights.filter(({ where }) => where?.(cluster) ?? true);
    const subjects = everywhere(cluster);
    return [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: named(name, undefined, { ...names(what), ...names(reasons(own), 'why') }),
        rules: own.map(rule),
      } satisfies ClusterRole,
      ...(subjects.length > 0
        ? [
            {
              apiVersion: 'rbac.authorization.k8s.io/v1',
              kind: 'ClusterRoleBinding',
              metadata: named(name),
              roleRef: roleNamed(name),
              subjects,
            } satisfies ClusterRoleBinding,
          ]
        : []),
    ];
  });

const rule = (right: Right): PolicyRule =>
  'nonResourceURLs' in right
    ? { nonResourceURLs: right.nonResourceURLs, verbs: right.verbs }
    : { apiGroups: [right.apiGroup], resources: right.resources, verbs: right.verbs };

const what = (right: Right): string => {
  if ('nonResourceURLs' in right) return right.nonResourceURLs.join(', ');
  return `${right.resources.join(', ')}${right.apiGroup === '' ? '' : ` (${right.apiGroup})`}`;
};

/** A line for each rule, for whoever reads the role on the cluster. */
function reasons(rights: readonly Right[]): Text {
  const lines = (language: 'zh' | 'en', colon: string) =>
    rights.map((right) => `${what(right)}${colon}${right.why[language]}`).join('\n');
  return { zh: lines('zh', '：'), en: lines('en', ': ') };
}
