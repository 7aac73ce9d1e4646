import type { Plan } from '../model/plan.ts';
import type { Clock } from './clock.ts';
import type { Appendix, Snapshot } from './publish/snapshot.ts';

export interface ExporterOptions {
  readonly plan: Plan;
  /** Ids of the sites that this exporter reads. */
  readonly sites: readonly string[];
  /** Ids of the sites whose sums it takes from their own Prometheus. @default none */
  readonly remote?: readonly string[];
  /** Path of the ledger. */
  readonly ledger: string;
  readonly version: string;
  /** @default the system's clock */
  readonly clock?: Clock;
  /** How long the answers of a beat are waited for before what has come is committed: a dead meter delays none. @default 1000 */
  readonly patienceMs?: number;
  /** The server listens beyond this machine without TLS or authentication. @default false */
  readonly insecure?: boolean;
  /** Takes each snapshot, and the declaration that it was made by. */
  readonly publish: (snapshot: Snapshot, plan: Plan) => void;
  /** Series published at most. @default SERIES_BUDGET */
  readonly seriesBudget?: number;
  /** Reads that go on at once. @default READS_AT_ONCE */
  readonly readsAtOnce?: number;
  /** The process's own metrics, rendered. */
  readonly appendix?: () => Promise<Appendix>;
  /** A commit failed; what was judged is kept and tried again. */
  readonly commitFailed?: (error: unknown) => void;
  /** A sample that cannot be published: left out, and told. */
  readonly sampleRefused?: (error: unknown) => void;
  /** Why hours of the past that are not closed are made into what the declaration says of them. @default they stay as they are */
  readonly restate?: string;
  /** The declaration says otherwise of the past than the ledger, and `restate` was not asked for. */
  readonly pastDiffers?: (what: Readonly<Record<string, string | number>>) => void;
  /** A publication failed beside the timetable; the next beat publishes again. */
  readonly publishFailed?: (error: unknown) => void;
}
