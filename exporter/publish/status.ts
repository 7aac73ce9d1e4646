import { siteInfo } from '../../model/metrics/info.ts';
import { buildInfo } from '../../model/metrics/self.ts';
import { sourceUp } from '../../model/metrics/source.ts';
import type { Plan } from '../../model/plan.ts';
import type { Text } from '../../model/text.ts';
import type { Snapshot } from './snapshot.ts';
import { ledgerStatus, sourcesDown, warnings, type LedgerStatus, type SourceDown } from './status/health.ts';
import { Lookup } from './status/lookup.ts';
import { siteStatus, type SiteStatus } from './status/site.ts';
import { headline, targetStatus, type TargetStatus } from './status/targets.ts';

/** What the page shows and /api/v1/status says. Times are Unix ms, units stand in the keys; null means no reading. */
export interface Status {
  /** When the figures were collected */
  readonly at: number;
  readonly now: number;
  readonly version: string | null;
  readonly planHash: string | null;
  readonly document: Plan['promise']['document'];
  readonly name: Text;
  /** true: figures of at least one site are invented */
  readonly demo: boolean;
  readonly headline: Text | null;
  /** What somebody has to look at, in words; empty where all is well */
  readonly warnings: readonly Text[];
  readonly targets: readonly TargetStatus[];
  readonly sites: readonly SiteStatus[];
  readonly sourcesDown: readonly SourceDown[];
  /** Sources that were read so far, those that are down included */
  readonly sources: number;
  readonly ledger: LedgerStatus;
}

/**
 * Says a snapshot in words and figures. Every figure is a sample of the same snapshot that /metrics serves; the plan
 * adds names, dates and counting rules.
 */
export function status(snapshot: Snapshot, plan: Plan, now: number): Status {
  const lookup = new Lookup(snapshot);
  const targets = targetStatus(lookup, plan);
  const sites = lookup.rows(siteInfo).map(({ labels }) => siteStatus(lookup, plan, labels, now));
  const down = sourcesDown(lookup, now);
  const ledger = ledgerStatus(lookup, now);
  const build = lookup.rows(buildInfo)[0]?.labels;
  return {
    at: snapshot.at,
    now,
    version: build?.version ?? null,
    planHash: build?.plan_hash ?? null,
    document: plan.promise.document,
    name: plan.promise.name,
    demo: sites.some(({ demo }) => demo),
    headline: headline(targets, plan),
    warnings: warnings(lookup, { at: snapshot.at, now, down, ledger }),
    targets,
    sites,
    sourcesDown: down,
    sources: lookup.rows(sourceUp).length,
    ledger,
  };
}
