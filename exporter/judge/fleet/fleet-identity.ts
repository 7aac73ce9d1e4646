import { matcher } from '../../read/prometheus/promql.ts';
import { inTurn, sum } from './fleet-ask.ts';

/** The first combination of identity labels that all samples have, else the one that most have. */
export async function identityOf(
  combinations: readonly (readonly string[])[],
  total: number,
  having: (conditions: string[]) => Promise<number>,
): Promise<{ ids: readonly string[]; lacking: number }> {
  let ids = combinations[0] ?? [];
  let lacking = Infinity;
  for (const labels of combinations) {
    // What lacks a label is looked for, because as a rule nothing does, and that is found at once.
    const without = sum(
      await inTurn(labels, (label, index) =>
        having([...labels.slice(0, index).map((earlier) => matcher(earlier, '!=', '')), matcher(label, '=', '')]),
      ),
    );
    if (without < lacking) [ids, lacking] = [labels, without];
    if (lacking === 0) break;
  }
  return { ids, lacking: Math.min(lacking, total) };
}
