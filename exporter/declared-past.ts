import type { DatabaseSync } from 'node:sqlite';
import type { Plan } from '../model/plan.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import { differenceText, isSame, pastDifference, restate, type Difference } from './account/past/restate.ts';
import type { ExporterOptions } from './exporter-options.ts';
import type { MeterEvent } from './judge/meter/meter.ts';
import { turningPoints } from './turning-points.ts';

type Options = Pick<ExporterOptions, 'sites' | 'restate' | 'pastDiffers'>;

/** Restates the past, where that is asked for; else what the declaration and the ledger say otherwise of it. Now in Unix ms. */
export function lookBack(database: DatabaseSync, plan: Plan, options: Options, now: number): Difference | null {
  const { sites, restate: reason } = options;
  const turns = turningPoints(plan, sites, -Infinity).filter((at) => at <= now);
  if (reason !== undefined) {
    restate(database, reason, { plan, sites, turns, now });
    return null;
  }
  const difference = pastDifference(database, { plan, sites, turns, now });
  if (isSame(difference)) return null;
  options.pastDiffers?.(differenceText(difference));
  return difference;
}

/** Closed hours keep the declaration that they were counted by; that it changed is on record. */
export function noteDeclaration(
  { plan, accountant }: { readonly plan: Plan; readonly accountant: Accountant },
  sites: readonly string[],
  difference: Difference | null,
  now: number,
): void {
  const { previousPlan: before } = accountant;
  if (before === null || before === plan.hash) return;
  const event: MeterEvent = { kind: 'declaration', detail: { before, now: plan.hash }, wire: '' };
  for (const site of sites) accountant.note(site, 'declaration', event, now);
  if (difference === null) return;
  const differs: MeterEvent = { kind: 'past_differs', detail: differenceText(difference), wire: '' };
  for (const site of sites) accountant.note(site, 'declaration', differs, now);
}
