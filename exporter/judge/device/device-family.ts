import type { Pool } from '../../../model/schema/estate.ts';
import type { Family } from '../../../model/schema/telemetry.ts';
import type { ExpositionSample } from '../../read/reader.ts';

/** The answer is not of the declared exporter family: it is refused whole, because nothing in it has a known meaning. */
export class FamilyError extends Error {
  override name = 'FamilyError';
}

const speaks = (family: Family, { name }: ExpositionSample): boolean =>
  family.prefixes.some((prefix) => name.startsWith(prefix));

/** Throws a FamilyError, which names the right family where there is one, unless some metric is of the declared family. */
export function checkFamily(
  samples: readonly ExpositionSample[],
  pool: Pool,
  declared: Family,
  families: Iterable<Family>,
): void {
  if (samples.some((sample) => speaks(declared, sample))) return;
  const seen = [...new Set(samples.map(({ name }) => name))].slice(0, 3);
  const others = [...families].filter((family) => samples.some((sample) => speaks(family, sample)));
  const found = seen.length === 0 ? 'it holds no sample' : `it has ${seen.join(', ')}, …`;
  const remedy =
    others.length > 0
      ? `those are metrics of family ${others.map(({ id }) => id).join(' or ')}: correct telemetry.family of pool ${pool.id} in estate.yaml`
      : 'no family row has such a prefix: point the source at the right exporter, or add a row to telemetry.yaml';
  throw new FamilyError(
    `pool ${pool.id}: no metric of family ${declared.id} (prefixes ${declared.prefixes.join(', ')}) in the answer; ${found} (${remedy})`,
  );
}
