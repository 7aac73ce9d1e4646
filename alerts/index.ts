import type { Alert } from './alert.ts';
import { closureSuspect } from './closure-suspect.ts';
import { meterSilent } from './meter-silent.ts';
import { planBehindGlidePath } from './plan-behind-glide-path.ts';
import { pueBudgetBurnFast } from './pue-budget-burn-fast.ts';
import { pueBudgetBurnSlow } from './pue-budget-burn-slow.ts';
import { queueSilent } from './queue-silent.ts';
import { queueStuck } from './queue-stuck.ts';
import { quotaNotEnforced } from './quota-not-enforced.ts';
import { unknownAccelerator } from './unknown-accelerator.ts';

/** Every alert; a new one is one file, a runbook in each language, and one line here. */
export const alerts: readonly Alert[] = [
  pueBudgetBurnFast,
  pueBudgetBurnSlow,
  meterSilent,
  unknownAccelerator,
  closureSuspect,
  planBehindGlidePath,
  quotaNotEnforced,
  queueStuck,
  queueSilent,
];
