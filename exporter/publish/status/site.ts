import { powerWatts, siteEnergyJoules } from '../../../model/metrics/energy.ts';
import { meterInfo, type siteInfo } from '../../../model/metrics/info.ts';
import type { LabelsOf } from '../../../model/metrics/metric.ts';
import { pueAllowanceRatio, pueTargetRatio } from '../../../model/metrics/pue.ts';
import type { Plan } from '../../../model/plan.ts';
import type { Text } from '../../../model/text.ts';
import { sentences } from '../words.ts';
import { budgetStatus, type BudgetStatus } from './budget.ts';
import { carbonSentences } from './carbon.ts';
import { watts } from './figure.ts';
import { gb40879Status, type Gb40879Status } from './gb40879.ts';
import { hallStatus, type HallStatus } from './halls.ts';
import { nameIn, type Lookup } from './lookup.ts';
import { poolStatus, workStatus, type PoolStatus, type WorkStatus } from './pools.ts';
import { pueSentence, pueStatus, type PueStatus, type Sides } from './pue.ts';
import { list, say } from './say.ts';

export interface SiteStatus {
  readonly id: string;
  readonly name: Text;
  /** true: its figures are invented */
  readonly demo: boolean;
  /** Power and PUE in words */
  readonly text: Text;
  readonly powerWatts: Sides;
  /** Since the ledger began */
  readonly energyJoules: Sides;
  readonly pueTarget: number | null;
  /** What this month allows, where the profile spreads the target over the year */
  readonly pueAllowance: number | null;
  readonly pue: readonly PueStatus[];
  readonly halls: readonly HallStatus[];
  readonly gb40879: Gb40879Status | null;
  readonly budget: BudgetStatus;
  readonly pools: readonly PoolStatus[];
  readonly work: readonly WorkStatus[];
}

/**
 * Power of one side now: import + generation - export. null where one of its meters has no reading: a part of the sum
 * would pass as the whole.
 */
function powerOf(lookup: Lookup, site: string, side: string): number | null {
  const readings = lookup.rows(meterInfo, { site, side }).map(({ labels: { meter, direction } }) => {
    const power = lookup.value(powerWatts, { site, meter });
    return power !== null && direction === 'export' ? -power : power;
  });
  if (readings.length === 0) return null;
  return readings.reduce((sum, power) => (sum === null || power === null ? null : sum + power), 0);
}

const reading = (value: number | null): Text | string => (value === null ? sentences.no_reading : watts(value));

/** All that the page says about one site. */
export function siteStatus(lookup: Lookup, plan: Plan, labels: LabelsOf<typeof siteInfo>, now: number): SiteStatus {
  const { site } = labels;
  const power = { facility: powerOf(lookup, site, 'facility'), it: powerOf(lookup, site, 'it') };
  const pue = pueStatus(lookup, site, now);
  const powerText = say(sentences.site_power, { facility: reading(power.facility), it: reading(power.it) });
  return {
    id: site,
    name: nameIn(labels, site),
    demo: labels.demo === 'true',
    text: list([powerText, pueSentence(pue), ...carbonSentences(lookup, site)], { zh: '', en: ' ' }),
    powerWatts: power,
    energyJoules: {
      facility: lookup.value(siteEnergyJoules, { site, side: 'facility' }),
      it: lookup.value(siteEnergyJoules, { site, side: 'it' }),
    },
    pueTarget: lookup.value(pueTargetRatio, { site }),
    pueAllowance: lookup.value(pueAllowanceRatio, { site }),
    pue,
    halls: hallStatus(lookup, plan, site),
    gb40879: gb40879Status(lookup, site),
    budget: budgetStatus(lookup, site),
    pools: poolStatus(lookup, plan, site),
    work: workStatus(lookup, plan, site),
  };
}
