import { planActual } from '../../model/metrics/plan.ts';
import { fleetSteps } from '../../model/metrics/recorded.ts';
import type { Plan } from '../../model/plan.ts';
import type { RecordingRule } from '../alert.ts';
import { series } from '../promql.ts';

/** What each target has, of the whole province: an exporter that reads one site counts that site's share alone. */
export const actual = 'target:greenflops_plan_actual:sum';

/** Computing power is the sum over sites, without the tiers that are upper bounds or a job's own word; what registers count is the same in every exporter. */
export const planActualRules = ({ promise }: Plan): RecordingRule[] =>
  promise.targets.map(({ id: target, milestone, counts }) => ({
    record: actual,
    expr:
      counts.from === 'compute'
        ? `sum(${series(fleetSteps, { step: `="${counts.step}"`, precision: `="${counts.precision}"`, tier: '!~"T3|T4|T5"' })})`
        : `max(${series(planActual, { target: `="${target}"`, milestone: `="${milestone}"` })})`,
    labels: { target, milestone },
  }));
