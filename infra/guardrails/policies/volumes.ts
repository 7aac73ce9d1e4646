import type { PolicyOf } from './policy.ts';
import { bookkeeping, pod, podPath, workloads } from './workloads.ts';

/** What lies in the namespace, or on the pod itself. Of host paths Pod Security judges, by the level of the namespace. */
const ALLOWED = [
  'configMap',
  'secret',
  'projected',
  'downwardAPI',
  'emptyDir',
  'persistentVolumeClaim',
  'ephemeral',
  'image',
  'hostPath',
];

/** The kubelet, which no NetworkPolicy holds, mounts a server that a pod names (nfs, iscsi, csi) past every class. */
export const volumes: PolicyOf = (cluster) => ({
  name: 'volumes',
  title: { zh: '网络存储只经卷声明挂载', en: 'storage elsewhere is mounted by claims alone' },
  on: workloads,
  where: 'tenants',
  unless: bookkeeping(cluster),
  variables: {
    pod,
    path: podPath,
    foreign: `variables.pod.spec.?volumes.orValue([]).filter(volume, !(${ALLOWED.map((type) => `has(volume.${type})`).join(' || ')}))`,
  },
  rules: [
    {
      allows: 'variables.foreign.size() == 0',
      message: {
        zh: '{path}spec.volumes 中的 "{name}" 直接挂载存储，绕过网络策略和数据分级：请改用 persistentVolumeClaim，卷声明写明分级',
        en: 'volume "{name}" of {path}spec.volumes mounts storage past network policies and data classes: use persistentVolumeClaim, whose claim states its class',
      },
      values: { path: 'variables.path', name: 'variables.foreign[0].name' },
    },
  ],
});
