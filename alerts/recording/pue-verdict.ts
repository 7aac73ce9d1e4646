import { LEAST_LOAD } from '../../model/least-load.ts';
import type { RecordingRule } from '../alert.ts';
import { flush } from '../promql.ts';
import { pairs, type WindowPair } from '../windows.ts';
import { burn, load } from './pue-budget.ts';
import { ratedPower } from './rated-power.ts';

const known = ({ long }: WindowPair): string => `site:greenflops_pue_budget_burn:known${long}`;
/** What the alert looks at: the long window's burn since it was last known to be too high, 0 since it was known not to be. */
export const verdict = ({ long }: WindowPair): string => `site:greenflops_pue_budget_burn:verdict${long}`;

/**
 * Too high is an AND of three facts, each of which may be unknown: known to be true where all are, known to be false
 * where one is, else unknown and absent. A verdict changes by knowledge alone: to 0 at once, above it after `sustained`
 * of it. Without knowledge it stays for as long as that lasts, so that a dead meter neither fires nor resolves;
 * keep_firing_for would end, and `for` would let a meter that dies while an alert is pending fire it.
 */
function verdictRules(pair: WindowPair): RecordingRule[] {
  const { long, short, factor, sustained } = pair;
  return [
    {
      record: known(pair),
      expr: flush(`
        (${burn(long)} > ${factor} and ${burn(short)} > ${factor} and ${load(short)} >= ${LEAST_LOAD})
        or 0 * (${burn(long)} <= ${factor} or ${burn(short)} <= ${factor} or ${load(short)} < ${LEAST_LOAD})`),
    },
    {
      record: verdict(pair),
      // The last one over a day, not the last sample: Prometheus itself may have been away.
      expr: flush(`
        ${known(pair)} == 0
        or (
          ${known(pair)}
          and min_over_time(${known(pair)}[${sustained}]) > 0
          and ${known(pair)} offset ${sustained} > 0
        )
        or (last_over_time(${verdict(pair)}[1d]) and on (site) ${ratedPower})`),
    },
  ];
}

export const pueVerdictRules: readonly RecordingRule[] = pairs.flatMap(verdictRules);
