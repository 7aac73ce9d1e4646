import type { Accelerator } from './schema/accelerators.ts';
import type { Calibration } from './schema/calibration.ts';
import type { Estate } from './schema/estate.ts';
import type { Factors } from './schema/factors.ts';
import type { Profiles } from './schema/profiles.ts';
import type { ProvincialPlan } from './schema/promise.ts';
import type { Registers } from './schema/registers.ts';
import type { AllocationFamily, Family } from './schema/telemetry.ts';

/** The declaration, read and checked: every reference in it resolves. */
export interface Plan {
  /** sha256 of the files, stored with every hour of the ledger */
  readonly hash: string;
  readonly promise: ProvincialPlan;
  readonly estate: Estate;
  readonly accelerators: ReadonlyMap<string, Accelerator>;
  readonly families: ReadonlyMap<string, Family>;
  readonly calibrations: readonly Calibration[];
  readonly allocations: ReadonlyMap<string, AllocationFamily>;
  readonly profiles: Profiles;
  readonly factors: Factors;
  readonly registers: Registers;
}
