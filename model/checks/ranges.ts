import { fault } from '../fault.ts';
import { select, type Check, type CrossFault } from './check.ts';

/** Entries of the estate that have a start and an end. */
const ranges = [
  ['meters.*', 'valid_from', 'valid_to'],
  ['pools.*', 'valid_from', 'valid_to'],
  ['certificates.*', 'from', 'to'],
  ['maintenance.*', 'from', 'to'],
] as const;

export const timeRanges: Check = ({ data }) =>
  ranges.flatMap(([pattern, from, to]) =>
    select(data.estate, pattern).flatMap(({ path, value }): CrossFault[] => {
      const start = select(value, from)[0]?.value;
      const end = select(value, to)[0]?.value;
      if (typeof start !== 'number' || typeof end !== 'number' || start < end) return [];
      const params = { from: new Date(start).toISOString() };
      return [{ file: 'estate', fault: fault([...path, to], 'use', 'empty_range', params) }];
    }),
  );
