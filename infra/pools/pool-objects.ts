import type { Pool } from '../../model/schema/estate.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';

/** What a pool brings besides its tenants: labels of its named nodes, its runtime class, its device class. */
export const poolObjects = (_cluster: Cluster, _pool: Pool): KubernetesObject[] => [];
