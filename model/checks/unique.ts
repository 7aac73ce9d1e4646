import { fault } from '../fault.ts';
import type { FileKey } from '../files.ts';
import { select, type Check, type CrossFault, type Draft } from './check.ts';

type Row = readonly [file: FileKey, pattern: string];

const ids: readonly Row[] = [
  ['promise', 'milestones.*.id'],
  ['promise', 'targets.*.id'],
  ['promise', 'actions.*.id'],
  ['promise', 'measures.*.id'],
  ['promise', 'tasks.*.id'],
  ['promise', 'policies.*.id'],
  ['estate', 'sites.*.id'],
  ['estate', 'halls.*.id'],
  ['estate', 'meters.*.id'],
  ['estate', 'clusters.*.id'],
  ['estate', 'pools.*.id'],
  ['estate', 'tenants.*.id'],
  ['estate', 'datasets.*.id'],
  ['estate', 'certificates.*.id'],
  ['accelerators', 'accelerators.*.id'],
  ['telemetry', 'families.*.id'],
  ['profiles', 'carriers.*.id'],
  ['profiles', 'profiles.*.id'],
  ['registers', 'registers.*.id'],
  ['registers', 'items.*.id'],
];

/** Names that must be unique, but become no id of a resource. */
const names: readonly Row[] = [
  // A namespace belongs to one tenant, wherever its quota lies.
  ['estate', 'tenants.*.namespaces.*'],
  // Two clusters of one context would be deployed into each other.
  ['estate', 'clusters.*.context'],
  // What was renamed became one thing.
  ['estate', 'clusters.*.moved_from'],
  ['estate', 'pools.*.moved_from'],
  // An exporter's name of a model leads to one row.
  ['accelerators', 'accelerators.*.reported_as.*'],
  // A certified unit is used once.
  ['estate', 'certificates.*.serial'],
  ['factors', 'fuel_factors.*.carrier'],
];

/** Ids are unique within their list. CDKTF drops characters from ids, so two that differ by hyphens alone collide too. */
export const uniqueIds: Check = (draft) => ids.flatMap((row) => repeats(draft, row, (id) => id.replaceAll('-', '')));

export const uniqueNames: Check = (draft) =>
  names.flatMap((row) => repeats(draft, row, (name) => name.trim().toLowerCase()));

/** Values that fold to the same text as one before them. */
function repeats(draft: Draft, [file, pattern]: Row, fold: (value: string) => string): CrossFault[] {
  const seen = new Map<string, { value: string; line: number }>();
  return select(draft.raw[file], pattern).flatMap(({ path, value }): CrossFault[] => {
    if (typeof value !== 'string') return [];
    const before = seen.get(fold(value));
    if (!before) {
      seen.set(fold(value), { value, line: draft.line(file, path) });
      return [];
    }
    const { value: other, line } = before;
    const same = other.trim().toLowerCase() === value.trim().toLowerCase();
    const found = same
      ? fault(path, 'use', 'duplicate', { line })
      : fault(path, 'use', 'colliding_id', { other, line });
    return [{ file, raw: true, fault: found }];
  });
}
