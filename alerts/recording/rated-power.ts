import type { Plan } from '../../model/plan.ts';
import type { RecordingRule } from '../alert.ts';

/** Rated IT power of each declared site: no metric has it. A site that leaves the declaration loses its alerts with it. */
export const ratedPower = 'site:greenflops_it_rated_watts:declared';

export const ratedPowerRules = ({ estate }: Plan): RecordingRule[] =>
  estate.sites.map(({ id, it_rated_kw: kw }) => ({
    record: ratedPower,
    expr: `vector(${kw * 1000})`,
    labels: { site: id },
  }));
