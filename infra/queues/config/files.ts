import { stringify } from 'yaml';
import type { Cluster } from '../../cluster.ts';
import { kueueConfiguration } from './configuration.ts';

/** Under which Kueue's controller looks for its configuration, in its ConfigMap as on its disk. */
export const CONFIG_FILE = 'controller_manager_config.yaml';
export const VALUES_FILE = 'values.yaml';

const yaml = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

/** The configuration as text, told whose it is and when it counts. */
export const configurationYaml = (cluster: Cluster): string =>
  `# Kueue (0.19 or newer) of cluster ${cluster.cluster.id}, made from the declaration. Its controller reads this when it starts.\n` +
  yaml(kueueConfiguration(cluster));

/**
 * A fragment of values for Kueue's Helm chart. The chart's own list of feature gates stays empty: it becomes a flag, and a
 * controller that is given gates by flag and by configuration does not start.
 */
const valuesYaml = (cluster: Cluster): string =>
  `# For Kueue's Helm chart on cluster ${cluster.cluster.id}: helm upgrade kueue … --values ${VALUES_FILE}\n` +
  yaml({
    controllerManager: { featureGates: [] },
    managerConfig: { controllerManagerConfigYaml: yaml(kueueConfiguration(cluster)) },
  });

/** What whoever installs Kueue needs from the declaration, text by file name; none where the cluster has no Kueue. */
export const kueueFiles = (cluster: Cluster): Readonly<Record<string, string>> =>
  cluster.cluster.kueue.enabled
    ? { [CONFIG_FILE]: configurationYaml(cluster), [VALUES_FILE]: valuesYaml(cluster) }
    : {};
