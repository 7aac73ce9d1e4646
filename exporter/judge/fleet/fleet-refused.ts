import type { Rejection } from '../../../model/reasons.ts';
import type { Count } from './fleet-ask.ts';
import type { FleetSeries } from './fleet-series.ts';

/** Samples of devices of the declared model that are no believable readings, by reason. */
export async function refusedOf(
  series: FleetSeries,
  metrics: readonly string[],
  count: Count,
): Promise<Map<Rejection, number>> {
  const { rows, limits, family } = series.scope;
  const refused = new Map<Rejection, number>();
  for (const metric of metrics) {
    const row = rows.get(metric);
    const whole = series.own(series.raw(metric));
    if (!row || (await count(whole)) === (await count(series.valid(metric)))) continue;
    const [lowest, highest] = limits[row.quantity];
    const blanks = [...family.sentinels, ...row.sentinels];
    const finite = `(${whole} > -Inf < +Inf)`;
    const read = `(${[finite, ...blanks.map((blank) => `!= ${blank}`)].join(' ')}) * ${row.factor}`;
    const some = {
      not_a_number: `${whole} unless ${finite}`,
      sentinel: blanks.map((blank) => `(${finite} == ${blank})`).join(' or '),
      below_range: lowest === -Infinity ? '' : `${read} < ${lowest}`,
      above_range: highest === Infinity ? '' : `${read} > ${highest}`,
    } as const satisfies Partial<Record<Rejection, string>>;
    for (const [reason, which] of Object.entries(some) as [keyof typeof some, string][]) {
      const samples = which === '' ? 0 : await count(which);
      if (samples > 0) refused.set(reason, (refused.get(reason) ?? 0) + samples);
    }
  }
  return refused;
}
