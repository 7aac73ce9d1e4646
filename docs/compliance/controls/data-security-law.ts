import type { Control } from '../control.ts';

const article = (number: number) => ({
  source: { zh: '数据安全法', en: 'Data Security Law' },
  clause: { zh: `第${number}条`, en: `article ${number}` },
});
/** Of which the number comes from memory */
const recalled = (number: number) => ({ ...article(number), unverified: true }) as const;

export const dataSecurityLaw: readonly Control[] = [
  {
    ...article(21),
    demand: { zh: '数据分类分级保护', en: 'data are protected by class and grade' },
    mechanism: {
      zh: '声明建立的每个命名空间都写明分级（采集器的账本为 general）；租户的工作负载和卷必须与命名空间一致，旧对象在补上之前只能暂停或缩减',
      en: "every namespace that the declaration makes states its class (the exporter's ledger is general); tenants' workloads and volumes must say the same one, and old objects can only be suspended or scaled down until they do",
    },
    kinds: ['Namespace'],
    denials: [
      'pod-without-class',
      'pod-of-another-class',
      'deployment-without-class',
      'statefulset-without-class',
      'daemonset-without-class',
      'replicaset-without-class',
      'replicationcontroller-without-class',
      'job-without-class',
      'cronjob-without-class',
      'jobs-of-a-cronjob-of-another-class',
      'claim-without-class',
      'claim-of-another-class',
      'class-taken-off-a-template',
      'old-pod-updated',
      'old-deployment-updated',
      'old-deployment-grows',
      'old-job-widened',
      'old-cronjob-rescheduled',
      'old-claim-updated',
    ],
  },
  {
    ...article(21),
    demand: { zh: '国家核心数据实行更严格的管理', en: 'stricter management of core data of the state' },
    mechanism: {
      zh: '集群声明可存放的分级，更高的不得进入；重要和核心数据的 Pod 须授权才能进入，不对外开端口',
      en: 'a cluster declares the classes that it may hold, and none above comes in; pods of important and core data are entered by cleared groups alone and open no port to the outside',
    },
    kinds: [],
    denials: [
      'class-that-the-cluster-may-not-hold',
      'exec-into-important-data',
      'ephemeral-container-beside-important-data',
      'node-port-of-important-data',
      'load-balancer-of-important-data',
    ],
  },
  {
    ...recalled(27),
    demand: { zh: '全流程数据安全管理制度', en: 'management of data security over the whole process' },
    mechanism: {
      zh: '归属、分级、管辖地只由声明修改，经评审后部署；租户及其账号即使被过度授权也不能改，管理员也不能把声明之外的命名空间归给租户',
      en: 'tenant, class and jurisdiction change by the declaration alone, reviewed and deployed; tenants and their accounts cannot change them even where somebody gave them the right, and administrators give no tenant a namespace that the declaration does not',
    },
    kinds: ['Namespace'],
    denials: [
      'tenant-edits-its-namespace',
      'over-granted-tenant-edits-its-namespace',
      'over-granted-account-edits-its-namespace',
      'over-granted-tenant-makes-a-namespace',
      'namespace-given-to-another-tenant',
      'tenant-taken-off',
      'namespace-joins-a-tenant',
      'namespace-joins-a-tenant-later',
    ],
    outside: {
      by: 'organisation',
      todo: {
        zh: '明确数据安全负责人，对 estate.yaml 的修改实行双人评审',
        en: 'name who answers for data security, and have two people review every change of estate.yaml',
      },
    },
  },
  {
    ...recalled(30),
    demand: { zh: '重要数据处理者定期开展风险评估', en: 'those who process important data assess its risks regularly' },
    mechanism: {
      zh: '拒绝用例每次测试都对真实 API 服务器运行，每条旁边有能通过的对照；本矩阵即评估的证据',
      en: 'the denials run against a real API server in every test, each beside a twin that passes; this matrix is evidence for the assessment',
    },
    kinds: [],
    denials: ['class-lowered', 'class-taken-off', 'class-lowered-through-status', 'exec-by-the-administrator'],
    outside: {
      by: 'organisation',
      todo: {
        zh: '按期出具并报送风险评估报告；本矩阵只覆盖 Kubernetes 这一层',
        en: 'write and hand in the report when it is due; this matrix covers the layer of Kubernetes alone',
      },
    },
  },
  {
    ...recalled(31),
    demand: { zh: '重要数据出境安全管理', en: 'important data leave the country under control' },
    mechanism: {
      zh: '命名空间和工作负载只在集群的管辖地；出口须在声明中写明分级和管辖地，合成时检查',
      en: "namespaces and workloads stay under the cluster's jurisdiction; egress is declared with class and jurisdiction, and checked at synth",
    },
    kinds: ['NetworkPolicy'],
    denials: [
      'namespace-of-another-jurisdiction',
      'jurisdiction-changed',
      'jurisdiction-taken-off',
      'pod-of-another-jurisdiction',
      'template-of-another-jurisdiction',
      'jobs-of-a-cronjob-of-another-jurisdiction',
      'selector-of-another-jurisdiction',
      'affinity-to-another-jurisdiction',
      'preference-for-another-jurisdiction',
    ],
    outside: {
      by: 'cni',
      todo: {
        zh: '出口白名单由网络插件执行；确需出境的，先完成国家网信部门的安全评估',
        en: 'the list of egress is enforced by the network plugin; whatever must leave the country is assessed by the cyberspace administration first',
      },
    },
  },
];
