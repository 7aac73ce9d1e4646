import { slicesOf } from '../../model/queues/pool-resources.ts';
import { decimalText } from '../../model/queues/rounding.ts';
import { quotaUnit, unitsOf, type QuotaUnit } from '../../model/quota-unit.ts';
import { multiply, rational } from '../../model/rational.ts';
import type { Pool } from '../../model/schema/estate.ts';
import { modelOf } from './figures.ts';
import type { Line } from './line.ts';
import type { Observed } from './observe.ts';
import { isFresh, recordedAs } from './pool-lines.ts';
import type { Record, RecordedPool } from './record.ts';

/**
 * What of each pool nobody was promised by name, where it changes: with Kueue it is lent to whoever asks within his credits,
 * and quotas that name no pool are met from it.
 */
export function leftLines(observed: Observed): Line[] {
  const { view, record, live, chosen } = observed;
  const known = record ?? (isFresh(live) ? { tenants: [] } : undefined);
  if (!known || !view.cluster.kueue.enabled || !chosen.some(({ stack }) => stack.name === 'queues')) return [];
  return view.pools.flatMap((pool) =>
    slicesOf(pool).flatMap((slice): Line[] => {
      const past = recordedAs(observed, pool);
      const will = left(observed, pool, slice, view.tenants);
      if (!will) return [];
      const was = past && left(observed, past, slice, known.tenants);
      if (was?.units === will.units) return [];
      const count = `${was ? `${was.units} → ` : ''}${will.units}`;
      const { unit, units } = will;
      const worth = decimalText(multiply(multiply(rational(Math.max(0, units)), unit.tflops), rational(1, 1000)));
      return [
        {
          subject: 'queue',
          text: {
            zh: `${pool.id}：${count} ${unit.name.zh}（${worth} PFlops）没有配额指名，本池的租户可在各自的 PFlops 之内使用`,
            en: `${pool.id}: no quota names ${count} ${unit.name.en} (${worth} PFlops); the tenants of the pool may use them within their PFlops`,
          },
        },
      ];
    }),
  );
}

function left(
  { view }: Observed,
  pool: RecordedPool,
  slice: string | undefined,
  tenants: Pick<Record, 'tenants'>['tenants'],
): { readonly unit: QuotaUnit; readonly units: number } | undefined {
  const model = modelOf(view.plan, pool);
  const unit = model && quotaUnit(pool as Pool, model, slice);
  if (!unit) return undefined;
  const promised = tenants.flatMap(({ quota }) =>
    quota.flatMap((one) => (one.pool === pool.id && one.slice === slice ? [unitsOf(one.pflops, unit)] : [])),
  );
  return { unit, units: promised.reduce((sum, count) => sum - count, unit.count) };
}
