import { fault } from '../fault.ts';
import { select, type Check, type CrossFault } from './check.ts';

/** One factor of a grid is in force at a time. Read from the raw file: the line of an entry with a fault of its own counts. */
export const gridYears: Check = (draft) => {
  const seen = new Map<string, number>();
  return select(draft.raw.factors, 'grid_factors.*').flatMap(({ path, value }): CrossFault[] => {
    const [grid, year] = ['grid', 'year'].map((key) => select(value, key)[0]?.value);
    if (typeof grid !== 'string' || typeof year !== 'number') return [];
    const key = `${grid} ${year}`;
    const before = seen.get(key);
    if (before === undefined) {
      seen.set(key, draft.line('factors', path));
      return [];
    }
    const params = { grid, year, line: before };
    return [{ file: 'factors', raw: true, fault: fault([...path, 'year'], 'use', 'factor_year', params) }];
  });
};

export const fuelCarriers: Check = ({ data: { factors } }) =>
  (factors?.fuel_factors ?? []).flatMap(({ carrier }, index) =>
    carrier === 'electricity'
      ? [{ file: 'factors', fault: fault(['fuel_factors', index, 'carrier'], 'use', 'fuel_electricity', {}) }]
      : [],
  );
