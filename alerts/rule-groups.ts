import { maintenance } from '../model/metrics/info.ts';
import type { Plan } from '../model/plan.ts';
import type { Alert, Condition } from './alert.ts';
import { alerts } from './index.ts';
import { dashboardLink, panels, runbookPath } from './links.ts';
import { series } from './promql.ts';
import { exactRules } from './recording/exact.ts';
import { fleetComputeRules } from './recording/fleet-compute.ts';
import { metersSettledRules } from './recording/meters-settled.ts';
import { planActualRules } from './recording/plan-actual.ts';
import { provincePueRules } from './recording/province-pue.ts';
import { pueBudgetRules } from './recording/pue-budget.ts';
import { pueVerdictRules } from './recording/pue-verdict.ts';
import { ratedPowerRules } from './recording/rated-power.ts';

type Texts = Readonly<Record<string, string>>;

/** A rule as Prometheus writes it. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Texts;
  readonly annotations?: Texts;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

function annotations({ name, summary, panel, range }: Alert, { description }: Condition): Texts {
  return {
    summary: summary.en,
    summary_zh: summary.zh,
    description: description.en,
    description_zh: description.zh,
    runbook_url: runbookPath(name, 'en'),
    runbook_url_zh: runbookPath(name, 'zh'),
    dashboard: dashboardLink(panels[panel], range, 'en'),
    dashboard_zh: dashboardLink(panels[panel], range, 'zh'),
  };
}

/** A declared maintenance window of a site mutes all that is said of that site, and nothing of the plan. */
const muted = ({ panel }: Alert, { expr }: Condition): string =>
  panels[panel].site ? `(\n${expr}\n)\nunless on (site) ${series(maintenance)} == 1` : expr;

const alertRule = (alert: Alert, condition: Condition): Rule => ({
  alert: alert.name,
  expr: muted(alert, condition),
  ...(condition.for === undefined ? {} : { for: condition.for }),
  keep_firing_for: condition.keepFiringFor,
  labels: { severity: alert.severity, ...condition.labels },
  annotations: annotations(alert, condition),
});

/** All rules, in the order in which they need each other. The recording rules count on being evaluated each minute. */
export const ruleGroups = (plan: Plan): readonly RuleGroup[] => [
  {
    name: 'greenflops-recording',
    interval: '1m',
    rules: [
      ...ratedPowerRules(plan),
      ...metersSettledRules,
      ...exactRules,
      ...pueBudgetRules,
      ...pueVerdictRules,
      ...fleetComputeRules,
      ...planActualRules(plan),
      ...provincePueRules,
    ],
  },
  {
    name: 'greenflops-alerts',
    interval: '1m',
    rules: alerts.flatMap((alert) => alert.conditions.map((condition) => alertRule(alert, condition))),
  },
];
