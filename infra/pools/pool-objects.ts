import type { Pool } from '../../model/schema/estate.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { deviceClass } from './device-class.ts';
import { nodeLabels } from './node-labels.ts';
import { runtimeClass } from './runtime-class.ts';

/** What a pool brings besides its tenants: labels of its named nodes, its runtime class, its device class. */
export const poolObjects = (_cluster: Cluster, pool: Pool): KubernetesObject[] => [
  ...nodeLabels(pool),
  ...runtimeClass(pool),
  ...deviceClass(pool),
];
