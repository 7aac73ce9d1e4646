import type { z } from 'zod';
import { accelerators } from './schema/accelerators.ts';
import { calibration } from './schema/calibration.ts';
import { estate } from './schema/estate.ts';
import { factors } from './schema/factors.ts';
import { profiles } from './schema/profiles.ts';
import { promise } from './schema/promise.ts';
import { registers } from './schema/registers.ts';
import { telemetry } from './schema/telemetry.ts';

/** What each file of the declaration holds. */
export interface Declared {
  readonly promise: z.infer<typeof promise>;
  readonly estate: z.infer<typeof estate>;
  readonly accelerators: z.infer<typeof accelerators>;
  readonly telemetry: z.infer<typeof telemetry>;
  readonly profiles: z.infer<typeof profiles>;
  readonly factors: z.infer<typeof factors>;
  readonly registers: z.infer<typeof registers>;
  readonly calibration: z.infer<typeof calibration>;
}
export type FileKey = keyof Declared;

export type Files = {
  readonly [K in FileKey]: {
    readonly name: string;
    readonly schema: z.ZodType<Declared[K]>;
    /** What holds where the file is not there; without it the file has to be */
    readonly absent?: Declared[K];
  };
};

/** The files of the declaration; their order is the order of findings and of the hash. */
export const files: Files = {
  promise: { name: 'jiangxi-2030.yaml', schema: promise },
  estate: { name: 'estate.yaml', schema: estate },
  accelerators: { name: 'accelerators.yaml', schema: accelerators },
  telemetry: { name: 'telemetry.yaml', schema: telemetry },
  profiles: { name: 'profiles.yaml', schema: profiles },
  factors: { name: 'factors.yaml', schema: factors },
  registers: { name: 'registers.yaml', schema: registers },
  calibration: {
    name: 'calibration.yaml',
    schema: calibration,
    absent: { schema: 'greenflops/v1', calibrations: [] },
  },
};
export const fileKeys = Object.keys(files) as FileKey[];
