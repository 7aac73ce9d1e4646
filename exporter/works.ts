import type { Plan } from '../model/plan.ts';
import { isValid } from '../model/tree.ts';
import { carbonTerms } from './account/carbon/carbon-terms.ts';
import type { Closure } from './account/closure/closure.ts';
import { openDesks, type Desk } from './account/desks.ts';
import { Accountant } from './account/ledger/accountant.ts';
import { endLives } from './account/ledger/end-lives.ts';
import type { HourBook } from './account/ledger/hour-book.ts';
import type { Ledger } from './account/ledger/ledger.ts';
import { Clerk } from './account/past/instructions.ts';
import { pueScopes, SumMaker } from './account/pue/pue-sites.ts';
import { openSources, type Sources } from './open-sources.ts';
import { Gateways } from './read/index.ts';

/** All that follows from the declaration. */
export interface Works extends Sources {
  readonly plan: Plan;
  readonly closure: Closure;
  readonly gateways: Gateways;
  readonly accountant: Accountant;
  readonly clerk: Clerk;
  readonly desks: readonly Desk[];
}

interface Opening {
  readonly sites: readonly string[];
  readonly remote: readonly string[];
  readonly ledger: Ledger;
  readonly book: HourBook;
  readonly closure: Closure;
  /** Unix ms */
  readonly at: number;
}

/** Everything that depends on the declaration, and on which meters and pools are in their declared life. Nothing is read or written yet. */
export function openWorks(plan: Plan, { sites, remote, ledger, book, closure, at }: Opening): Works {
  const scopes = pueScopes(plan, sites, at);
  const sides = new Map(scopes.map((scope) => [scope.id, scope.sides]));
  const maker = new SumMaker(plan);
  const calculated = plan.estate.meters
    .filter((meter) => meter.source.protocol === 'calculated' && sites.includes(meter.site) && isValid(meter, at))
    .map((meter) => ({ meter, sum: maker.plain(meter) }));
  const carbon = sites.map((site) => carbonTerms(plan, site));
  const accountant = new Accountant(ledger, plan.hash, sides, at, book.past, calculated, carbon);
  const own = plan.estate.meters.filter(({ site }) => sites.includes(site));
  endLives(accountant, own, at);
  // New ones, so that addresses which are declared no more keep no connection.
  const gateways = new Gateways();
  return {
    plan,
    closure,
    gateways,
    accountant,
    clerk: new Clerk(ledger.database, accountant, plan.estate.meters),
    desks: [...openDesks({ plan, sites, scopes, book, accountant }), closure],
    ...openSources(plan, { sites, remote, accountant, closure, gateways, at, ledger: ledger.path }),
  };
}
