import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Family } from '../../../model/schema/telemetry.ts';
import type { ExpositionSample } from '../../read/reader.ts';

/** Finds the catalogue's row for a reported name: the whole name, without regard to case. */
export type Known = (reported: string) => Accelerator | undefined;

export function modelIndex(accelerators: Iterable<Accelerator>): Known {
  const rows = new Map<string, Accelerator>();
  for (const row of accelerators) for (const name of row.reported_as) rows.set(name.toLowerCase(), row);
  return (reported) => rows.get(reported.toLowerCase());
}

interface Identification {
  /** As reported; several different names joined, 'unnamed' without any */
  readonly name: string;
  /** The catalogue's row, where all names of the device lead to one */
  readonly model: Accelerator | undefined;
}

/**
 * Which model a device says it is: the first non-empty model label of each of its samples.
 * @param declared what a device is that names none, where the family's row takes the declaration's word for it
 */
export function identifyModel(
  samples: readonly ExpositionSample[],
  { model: labels, unnamed }: Family,
  known: Known,
  declared: Accelerator,
): Identification {
  const names = new Set<string>();
  for (const sample of samples) {
    const name = labels.map((label) => sample.labels[label] ?? '').find((value) => value !== '');
    if (name !== undefined) names.add(name);
  }
  if (names.size === 0 && unnamed === 'declared') return { name: declared.id, model: declared };
  const models = new Set([...names].map(known));
  const [model] = models;
  return {
    name: names.size === 0 ? 'unnamed' : [...names].sort().join(' / '),
    model: models.size === 1 ? model : undefined,
  };
}
