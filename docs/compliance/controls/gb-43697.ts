import type { Control } from '../control.ts';

/** Data classification and grading rules, in force since 2024-10-01. */
const source = { zh: 'GB/T 43697-2024', en: 'GB/T 43697-2024' };

export const gb43697: readonly Control[] = [
  {
    source,
    clause: { zh: '分级', en: 'levels' },
    demand: {
      zh: '数据分为核心、重要、一般三级，就高从严',
      en: 'three levels, core, important, general; the higher one holds',
    },
    mechanism: {
      zh: '分级只升不降；不同分级的密钥、配置、服务不得带入',
      en: 'a class goes up and never down; secrets, settings and services of another class are not brought in',
    },
    kinds: ['Namespace'],
    denials: [
      'class-lowered',
      'class-taken-off',
      'class-lowered-through-status',
      'tenant-namespace-without-class',
      'deployment-of-another-class',
      'secret-of-another-class',
      'configmap-of-another-class',
      'service-of-another-class',
    ],
  },
  {
    source,
    clause: { zh: '登记与定级', en: 'registration and grading' },
    demand: { zh: '数据集登记、定级，按级流通', en: 'datasets are registered, graded, and circulate by their grade' },
    mechanism: {
      zh: '卷的数据集须已登记、获准存放在本集群、不高于命名空间的分级，且租户是所有者或读者',
      en: "a volume's dataset is registered, cleared for the cluster, not above the namespace's class, and the tenant owns or may read it",
    },
    kinds: [],
    denials: [
      'dataset-that-is-not-declared',
      'dataset-not-cleared-for-the-cluster',
      'dataset-above-the-namespace',
      'dataset-of-another-tenant',
      'dataset-taken-off-a-claim',
      'claim-that-names-a-volume',
      'claim-that-selects-volumes',
    ],
  },
  {
    source,
    clause: { zh: '衍生数据', en: 'derived data' },
    demand: { zh: '衍生数据按来源定级', en: 'derived data take the grade of their source' },
    mechanism: {
      zh: '卷声明模板和临时卷与命名空间同级，且不得复制其他命名空间的卷',
      en: "templates of claims and scratch volumes are of their namespace's class, and copy no volume of another namespace",
    },
    kinds: [],
    denials: [
      'claim-template-without-class',
      'scratch-volume-without-class',
      'claim-template-from-another-namespace',
      'scratch-volume-from-another-namespace',
      'class-taken-off-a-claim',
    ],
  },
];
