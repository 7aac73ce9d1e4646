import type { Plan } from './plan.ts';
import type { Accelerator } from './schema/accelerators.ts';
import type { Calibration } from './schema/calibration.ts';
import type { Precision } from './schema/common.ts';
import type { Pool } from './schema/estate.ts';

/** What a pool's chips can do: the catalogue's row, with what the declaration says otherwise of this fleet. */
export function acceleratorOf({ accelerators }: Pick<Plan, 'accelerators'>, pool: Pool): Accelerator | undefined {
  const row = accelerators.get(pool.accelerator);
  const { override } = pool;
  if (!row || !override) return row;
  const { peak_tflops: peaks, source, ...rest } = override;
  // A clock of the catalogue belongs to the peak of the catalogue.
  const clock = peaks && rest.clock_ref_mhz === undefined ? { clock_ref_mhz: null } : {};
  return {
    ...row,
    ...rest,
    ...clock,
    peak_tflops: { ...row.peak_tflops, ...peaks },
    source: `${source}; ${row.source}`,
  };
}

/** What one package of a pool was seen to reach in dense matrix products, TFLOPS; null where nobody measured it. */
export function achievableTflops(
  plan: Pick<Plan, 'accelerators' | 'calibrations'>,
  pool: Pool,
  precision: Precision,
): { readonly tflops: number; readonly basis: 'calibration' | 'catalogue' } | null {
  const fits = (row: Calibration, of: string | undefined): boolean =>
    row.accelerator === pool.accelerator && row.precision === precision && row.pool === of;
  // The newest of the pool's own, else of the model's.
  const newest = (of: string | undefined): Calibration | undefined =>
    plan.calibrations.filter((row) => fits(row, of)).toSorted((a, b) => b.date.localeCompare(a.date))[0];
  const measured = newest(pool.id) ?? newest(undefined);
  if (measured) return { tflops: measured.achieved_tflops, basis: 'calibration' };
  const accelerator = acceleratorOf(plan, pool);
  const peak = accelerator?.peak_tflops[precision];
  const share = accelerator?.achievable?.share;
  return peak === undefined || share === undefined ? null : { tflops: peak * share, basis: 'catalogue' };
}
