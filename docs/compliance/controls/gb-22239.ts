import type { Control } from '../control.ts';
import { clause, gb22239Access } from './gb-22239-access.ts';

/** Who gets in and what may run, and what is kept of it. */
export const gb22239: readonly Control[] = [
  ...gb22239Access,
  {
    ...clause('8.1.4.3'),
    demand: {
      zh: '安全审计：记录重要行为，保存不少于六个月',
      en: 'audit: important acts are recorded and kept for six months',
    },
    mechanism: {
      zh: '策略以 Deny 和 Audit 两种方式绑定；数据分级写入审计事件的注解（…/data-class）',
      en: 'policies are bound with Deny and Audit; the data class goes into the annotations of audit events (…/data-class)',
    },
    kinds: [],
    denials: ['exec-into-important-data', 'class-lowered', 'over-granted-tenant-edits-its-namespace'],
    tests: ['test/cluster/denials/audited.ts'],
    outside: {
      by: 'api-server',
      todo: {
        zh: '审计须在 API 服务器上打开（--audit-policy-file、--audit-log-path），日志另存且不少于六个月',
        en: 'auditing is switched on at the API server (--audit-policy-file, --audit-log-path); keep its log elsewhere, for six months at least',
      },
    },
  },
  {
    ...clause('8.1.4.8'),
    demand: {
      zh: '数据保密性：重要数据的存储和传输保密',
      en: 'confidentiality of important data at rest and in transit',
    },
    mechanism: {
      zh: '他租户不得读取密钥；密钥由运维放入集群，不进入声明和 Terraform 状态',
      en: "no tenant reads another's secrets; secrets are brought by the operators, never by the declaration or Terraform's state",
    },
    kinds: ['RoleBinding'],
    denials: ['secrets-of-another-tenant', 'secret-of-another-class', 'class-taken-off-a-secret'],
    outside: {
      by: 'api-server',
      todo: {
        zh: '在 API 服务器上配置静态加密（--encryption-provider-config），卷使用加密的 StorageClass，入口启用 TLS 1.2 以上',
        en: 'configure encryption at rest at the API server (--encryption-provider-config), a StorageClass that encrypts, and TLS 1.2 or later at the way in',
      },
    },
  },
  {
    ...clause('8.1.4.10'),
    demand: {
      zh: '剩余信息保护：释放的存储空间先清除',
      en: 'residual information: storage is cleared before it is given on',
    },
    mechanism: {
      zh: '卷不得取自其他命名空间，租户不得挑选已有的卷；卷上的数据集标签不得改换，因此卷不会带着旧数据换用途',
      en: "no volume is made from another namespace's, and no tenant chooses one that is there; a volume's dataset cannot be renamed, so that none changes its use with the old data in it",
    },
    kinds: [],
    denials: [
      'claim-template-from-another-namespace',
      'scratch-volume-from-another-namespace',
      'dataset-taken-off-a-claim',
      'claim-that-names-a-volume',
      'claim-that-selects-volumes',
      'claim-template-that-names-a-volume',
      'volume-named-later',
    ],
    outside: {
      by: 'storage',
      todo: {
        zh: '租户的 StorageClass 用 reclaimPolicy: Delete 并由存储清零；显存由设备插件或 MIG 在换用时清除，须向厂商确认',
        en: "give tenants a StorageClass with reclaimPolicy: Delete whose storage wipes; ask the maker whether its device plugin, or MIG, clears a card's memory between pods",
      },
    },
  },
];
