import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '../model/plan.ts';
import { isValid } from '../model/tree.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import type { Sources } from './open-sources.ts';

interface Works extends Pick<Sources, 'polled'> {
  readonly plan: Plan;
  readonly accountant: Accountant;
}

/**
 * Hands on what is remembered beside the ledger, so that a change of the declaration is no restart for what it leaves
 * alone: the counters of every source, and what is known of each meter that is declared as before, down to the
 * monotonic instant of its last reading and a first level that no second reading has settled yet.
 */
export function carryOver(before: Works, now: Works, at: number): void {
  const sources = new Map(before.polled.map((source) => [source.key, source]));
  for (const source of now.polled) {
    const earlier = sources.get(source.key);
    if (earlier) source.resume(earlier);
  }
  const meters = new Map(before.plan.estate.meters.map((meter) => [meter.id, meter]));
  for (const meter of now.plan.estate.meters) {
    if (!isValid(meter, at) || !isDeepStrictEqual(meters.get(meter.id), meter)) continue;
    const state = before.accountant.stateOf(meter.id);
    // What was not read since the start stands in the ledger, or comes from the imported past.
    if (![state.first, state.register, state.power].some((kept) => kept !== null && kept.mono !== null)) continue;
    now.accountant.book(meter, { state, spans: [], unmetered: 0, events: [] }, at);
  }
}
