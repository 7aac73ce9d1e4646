import { READ, type Right } from './right.ts';

/** What the exporter's account may do where it asks the Kubernetes API which pod holds which chips (docs/devices/kubernetes.md). */
export const exporterRights: readonly Right[] = [
  {
    apiGroup: '',
    resources: ['nodes', 'pods'],
    verbs: READ,
    why: { zh: '查看哪个容器组占用哪些加速器', en: 'to see which pod holds which accelerators' },
  },
];
