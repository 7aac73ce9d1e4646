import type { Board } from './board.ts';
import { greenflopsCompute } from './greenflops-compute.ts';
import { greenflopsEnergy } from './greenflops-energy.ts';
import { greenflopsPlan } from './greenflops-plan.ts';

/** Every board; a new one is one file and one line here. */
export const list: readonly Board[] = [greenflopsPlan, greenflopsEnergy, greenflopsCompute];
