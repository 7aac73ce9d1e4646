import type { Checkup } from '../../../model/checkup.ts';
import type { Cluster } from '../../../model/schema/estate.ts';
import type { There } from '../context.ts';
import { apiServer } from './api-server.ts';
import { apis } from './apis.ts';
import { chips } from './chips.ts';
import { clock } from './clock.ts';
import { cni } from './cni.ts';
import { identity } from './identity.ts';
import { kueue } from './kueue/index.ts';
import { ledgerVolume } from './ledger-volume.ts';
import { monitoring } from './monitoring.ts';
import { nodeMarks } from './node-marks.ts';
import { nodes } from './nodes.ts';
import { policies } from './policies.ts';
import { quotas } from './quotas.ts';
import { secrets } from './secrets.ts';

/** The one list in which a check of a cluster is registered. */
export const there = (cluster: Cluster): readonly Checkup<There>[] => [
  apiServer,
  identity,
  clock,
  apis,
  ...(cluster.role === 'worker' ? [nodes, chips, nodeMarks] : []), // jobs run on no other
  quotas,
  cni,
  policies,
  secrets,
  ledgerVolume,
  monitoring,
  ...(cluster.kueue.enabled && cluster.role !== 'karmada' ? kueue(cluster) : []),
];
