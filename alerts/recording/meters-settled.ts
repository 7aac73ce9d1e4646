import { meterInfo } from '../../model/metrics/info.ts';
import { meterUnmeteredSeconds } from '../../model/metrics/energy.ts';
import { sourceRefusing, sourceUp } from '../../model/metrics/source.ts';
import type { Rejection } from '../../model/reasons.ts';
import type { RecordingRule } from '../alert.ts';
import { asMeter, flush, series } from '../promql.ts';
import { ratedPower } from './rated-power.ts';

/** 1 where every meter of the site's two sides gives believable readings now, 0 where one does not, absent without an exporter. */
export const metersWell = 'site:greenflops_meters_well:min';
/** The last of these: absent only for a site that never reported. */
export const metersWellHeld = 'site:greenflops_meters_well:held';
/** 1 where they have done so for ten minutes: no side's counter waits for a meter, none has just caught up. */
export const metersSettled = 'site:greenflops_meters_settled:min10m';
export const unmeteredSeconds = 'site:greenflops_meter_unmetered_seconds:sum';

/** Reasons that refuse a sample's time, not its value. */
const harmless: readonly Rejection[] = ['impossible_timestamp', 'ignored_timestamp'];

const ofSides = `max by (site, meter) (${series(meterInfo, { side: '=~"facility|it"' })})`;

/** Meters, by site and meter, whose answers hold no believable reading, though they come. */
export const refusing = asMeter(
  `max by (site, source) (${series(sourceRefusing, { reason: `!~"${harmless.join('|')}"` })})`,
);
/** Meters, by site and meter, whose seconds are being lost. */
export const losing = `max by (site, meter) (increase(${series(meterUnmeteredSeconds)}[5m])) > 0`;
export const up = asMeter(`max by (site, source) (${series(sourceUp)})`);

export const metersSettledRules: readonly RecordingRule[] = [
  {
    record: metersWell,
    // A declared meter without any source_up counts as 0.
    expr: flush(`
      min by (site) (
        (
          ${ofSides}
          and on (site, meter) (${up} == 1)
          unless on (site, meter) (${refusing})
          unless on (site, meter) (${losing})
        )
        or 0 * ${ofSides}
      )`),
  },
  {
    record: metersWellHeld,
    expr: flush(`
      ${metersWell}
      or (last_over_time(${metersWellHeld}[1d]) and on (site) ${ratedPower})`),
  },
  {
    record: metersSettled,
    // Evaluated each minute: ten evaluations, one of which may be late. After a restart without its ledger the exporter
    // needs minutes to see that a register stands still, and `losing` needs two samples.
    expr: flush(`
      min_over_time(${metersWell}[10m]) == 1
      and on (site) count_over_time(${metersWell}[10m]) >= 9`),
  },
  {
    record: unmeteredSeconds,
    expr: flush(`
      sum by (site) (
        max by (site, meter) (${series(meterUnmeteredSeconds)})
        and on (site, meter) ${ofSides}
      )`),
  },
];
