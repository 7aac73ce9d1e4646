import type { Emit } from '../../model/metrics/metric.ts';
import type { Plan } from '../../model/plan.ts';
import type { Accountant } from './ledger/accountant.ts';
import { BudgetDesk } from './budget/budget-desk.ts';
import { CarbonDesk } from './carbon/carbon-desk.ts';
import { carbonTerms } from './carbon/carbon-terms.ts';
import type { HourBook } from './ledger/hour-book.ts';
import { PueDesk } from './pue/pue-desk.ts';
import type { PueScope } from './pue/pue-sites.ts';
import { SubstitutionDesk } from './pue/substitution-desk.ts';

/** What is counted from written hours: again when some of them changed, not in each cycle. */
export interface Desk {
  /**
   * After a commit. `since`: start of the earliest hour that was written or added to since the last call, Infinity where
   * none was. The work is done in the steps of what is returned, of some ms each, with other work between them; steps
   * that are not taken are due in the next call.
   */
  count(now: number, since: number): Iterable<void>;
  /** What was counted last, never a part of a count. */
  emit(emit: Emit, now: number): void;
}

export interface DeskOptions {
  readonly plan: Plan;
  /** Ids of the sites that this exporter reads */
  readonly sites: readonly string[];
  readonly scopes: readonly PueScope[];
  readonly book: HourBook;
  readonly accountant: Accountant;
}

/** The one list in which a desk is registered. */
const desks: readonly ((options: DeskOptions) => Desk)[] = [
  ({ book, accountant, scopes }) => new PueDesk(book, accountant, scopes),
  ({ book, accountant, scopes }) => new SubstitutionDesk(book, accountant, scopes),
  (options) => new BudgetDesk(options),
  ({ plan, book, accountant, scopes }) => new CarbonDesk(book, accountant, scopes, (site) => carbonTerms(plan, site)),
];

export const openDesks = (options: DeskOptions): Desk[] => desks.map((open) => open(options));
