import type { Cluster } from '../../cluster.ts';
import type { ConfigMap } from '../../kubernetes.ts';
import { named, names } from '../../labels.ts';
import { configMap } from '../../telemetry/config-map.ts';
import { CONFIG_FILE, configurationYaml } from './files.ts';

const restart = {
  zh: 'Kueue 的控制器只在启动时读取：修改后请重启 Deployment kueue-controller-manager，否则配额仍按旧系数计算',
  en: "Kueue's controller reads it at its start: restart the Deployment kueue-controller-manager after a change, or quotas go on by the old figures",
};

/** The ConfigMap that Kueue's controller reads, under the name that its release gives it; ours with `manage_config: true` alone. */
export const managerConfig = (cluster: Cluster): ConfigMap[] => {
  const { namespace, manage_config: ours } = cluster.cluster.kueue;
  return ours
    ? [
        configMap(named('kueue-manager-config', namespace, names(restart, 'restart')), {
          [CONFIG_FILE]: configurationYaml(cluster),
        }),
      ]
    : [];
};
