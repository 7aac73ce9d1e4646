import { datasetClasses, tenantClasses } from './access.ts';
import type { Check } from './check.ts';
import * as meters from './meters.ts';
import { poolPeaks } from './peaks.ts';
import { allowanceMean, baselineBeforeDue, closure, targetBounds } from './promise.ts';
import { timeRanges } from './ranges.ts';
import { references } from './references.ts';
import * as registers from './registers.ts';
import { uniqueIds, uniqueNames } from './unique.ts';

/** The cross checks, the one list in which a check is registered. */
export const checks: readonly Check[] = [
  references,
  uniqueIds,
  uniqueNames,
  timeRanges,
  meters.parentCycles,
  meters.meterSites,
  meters.ownBackup,
  meters.directions,
  meters.carriers,
  meters.formulas,
  meters.ctRatioOrder,
  registers.hasRegister,
  registers.registerKind,
  registers.energyScale,
  registers.lastAddress,
  registers.modulusWidth,
  registers.rollover,
  datasetClasses,
  tenantClasses,
  poolPeaks,
  closure,
  targetBounds,
  baselineBeforeDue,
  allowanceMean,
];
