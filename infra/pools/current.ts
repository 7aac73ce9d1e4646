import type { Pool } from '../../model/schema/estate.ts';

/** True from valid_from on, and until valid_to. `now` in Unix ms. */
export const isCurrent = (
  { valid_from: from = -Infinity, valid_to: to = Infinity }: Pick<Pool, 'valid_from' | 'valid_to'>,
  now: number,
): boolean => from <= now && now < to;
