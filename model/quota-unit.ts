import { exactDecimal, floor, multiply, rational, type Rational } from './rational.ts';
import type { Accelerator } from './schema/accelerators.ts';
import type { Pool } from './schema/estate.ts';
import type { Text } from './text.ts';

/** What a pool hands out one by one, and how many of it there are. */
export interface QuotaUnit {
  /** Dense FP16 peak of one, in TFLOPS, exactly */
  readonly tflops: Rational;
  readonly count: number;
  readonly name: Text;
}

/**
 * The unit in which a quota on the pool is counted: a card, one of the declared slices, a turn at a chip, or a per cent of
 * one. undefined where the peak is unknown, or the pool does not offer the slice. The pool's own peak goes before the catalogue's.
 */
export function quotaUnit(pool: Pool, accelerator: Accelerator, slice?: string): QuotaUnit | undefined {
  const peak = pool.override?.peak_tflops?.fp16 ?? accelerator.peak_tflops.fp16;
  if (peak === undefined) return undefined;
  const { sharing, count } = pool;
  const parts = (of: number, name: Text): QuotaUnit => ({
    tflops: multiply(exactDecimal(peak), rational(1, of)),
    count: count * of,
    name,
  });
  switch (sharing.by) {
    case 'slices': {
      const share = slice === undefined ? undefined : accelerator.slices[slice]?.share;
      const offered = slice === undefined ? undefined : sharing.slices[slice];
      if (slice === undefined || share === undefined || offered === undefined) return undefined;
      const name = { zh: `个 ${slice} 切片`, en: `slices ${slice}` };
      return { tflops: multiply(exactDecimal(peak), rational(...share)), count: offered, name };
    }
    case 'time-slicing':
      return parts(sharing.replicas * accelerator.dies_per_package, { zh: '个时间片份额', en: 'turns at a chip' });
    case 'hami':
      return parts(100, { zh: '%（一张卡为 100%）', en: 'per cent of a card' });
    default:
      return parts(1, { zh: '张卡', en: 'cards' });
  }
}

/** The units that a quota in PFlops buys, rounded down: a quota is a cap. */
export const unitsOf = (pflops: number, { tflops }: QuotaUnit): number =>
  Number(floor(multiply(exactDecimal(pflops), { n: 1000n * tflops.d, d: tflops.n })));
