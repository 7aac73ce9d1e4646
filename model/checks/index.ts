import { datasetClasses, datasetJurisdictions, tenantClasses } from './access.ts';
import * as certificates from './certificates.ts';
import type { Check } from './check.ts';
import { managerPools, movedFrom } from './clusters.ts';
import { commonCluster } from './common-cluster.ts';
import { dataFlow } from './data-flow.ts';
import { doubleCount } from './double-count.ts';
import { egressRanges, egressWidth } from './egress.ts';
import * as factors from './factors.ts';
import * as formulas from './formulas.ts';
import { kueueEnabled, kueueRoles, managersApart, managerWorkers } from './kueue.ts';
import { memberClasses, memberRoles } from './members.ts';
import * as meters from './meters.ts';
import { mixedSharing } from './mixed-sharing.ts';
import { poolNodes, rackLabels } from './nodes.ts';
import { poolPeaks } from './peaks.ts';
import { podSecurityReason, privilegedClasses, sharedClasses } from './pod-security.ts';
import { allowanceMean, baselineBeforeDue, closure, targetBounds } from './promise.ts';
import { borrowers, quotaClusters, quotaPlaces, quotaTwice } from './queues.ts';
import { overCommitted, poolResourceNames, poolSlices, quotaSlices } from './quotas.ts';
import { timeRanges } from './ranges.ts';
import { references } from './references.ts';
import * as registers from './registers.ts';
import * as sources from './sources.ts';
import { systemGroups } from './system-groups.ts';
import { taints } from './taints.ts';
import { uniqueIds, uniqueNames } from './unique.ts';

/** The cross checks, the one list in which a check is registered. */
export const checks: readonly Check[] = [
  references,
  uniqueIds,
  uniqueNames,
  timeRanges,
  meters.parentCycles,
  meters.meterSites,
  meters.directions,
  meters.carriers,
  formulas.formulas,
  formulas.formulaCycles,
  formulas.backups,
  doubleCount,
  meters.ctRatioOrder,
  sources.snmpSecrets,
  sources.poolUrls,
  sources.httpAccess,
  sources.folders,
  sources.allocationFamilies,
  registers.hasRegister,
  registers.registerKind,
  registers.dlt645Items,
  registers.energyScale,
  registers.lastAddress,
  registers.modulusWidth,
  registers.rollover,
  certificates.holders,
  certificates.allocated,
  certificates.fullHours,
  factors.gridYears,
  factors.fuelCarriers,
  datasetClasses,
  datasetJurisdictions,
  tenantClasses,
  commonCluster,
  dataFlow,
  egressRanges,
  egressWidth,
  managerPools,
  kueueEnabled,
  kueueRoles,
  managerWorkers,
  managersApart,
  movedFrom,
  systemGroups,
  memberRoles,
  memberClasses,
  podSecurityReason,
  privilegedClasses,
  sharedClasses,
  poolPeaks,
  mixedSharing,
  poolNodes,
  rackLabels,
  taints,
  poolSlices,
  poolResourceNames,
  quotaSlices,
  quotaPlaces,
  quotaTwice,
  quotaClusters,
  borrowers,
  overCommitted,
  closure,
  targetBounds,
  baselineBeforeDue,
  allowanceMean,
];
