import { z } from 'zod';

/** GB/T 43697-2024, from the least protected to the most. */
export const dataClasses = ['general', 'important', 'core'] as const;
export const dataClass = z.enum(dataClasses);
export type DataClass = z.infer<typeof dataClass>;
