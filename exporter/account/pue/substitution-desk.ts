import type { Accountant } from '../ledger/accountant.ts';
import type { Desk } from '../desks.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import { lastEnd } from '../ledger/last-end.ts';
import { judgeHours } from './pue-hours.ts';
import type { PueScope } from './pue-sites.ts';
import { HOUR } from './window.ts';

/** Says when a backup begins and ends to stand in for a meter: nobody sees it in a PUE that goes on. */
export class SubstitutionDesk implements Desk {
  readonly #book: HourBook;
  readonly #accountant: Accountant;
  readonly #scopes: readonly PueScope[];
  readonly #standing = new Map<string, boolean>();

  constructor(book: HourBook, accountant: Accountant, scopes: readonly PueScope[]) {
    this.#book = book;
    this.#accountant = accountant;
    this.#scopes = scopes.filter(
      ({ hall, sides }) => hall === null && [...sides.facility, ...sides.it].some(({ backup }) => backup),
    );
    for (const { sides } of this.#scopes)
      for (const { meter, backup } of [...sides.facility, ...sides.it])
        if (backup) this.#standing.set(meter, accountant.newestEvent(meter, 'substituted')?.['state'] === 'begins');
  }

  *count(now: number): Iterable<void> {
    for (const scope of this.#scopes) {
      const { site, sides } = scope;
      const to = lastEnd(this.#book, scope, now);
      const hour = { from: to - HOUR, to };
      const { substituted } = judgeHours(this.#book, { ...hour, sides }, hour);
      for (const member of [...sides.facility, ...sides.it]) {
        const { meter, backup } = member;
        const standing = substituted.get(member)?.has(hour.from) ?? false;
        if (backup === undefined || standing === this.#standing.get(meter)) continue;
        this.#standing.set(meter, standing);
        const detail = {
          state: standing ? 'begins' : 'ends',
          hour: new Date(hour.from).toISOString(),
          backup: backup.meters.map((one) => `${one.sign < 0 ? '-' : '+'}${one.meter}`).join(' '),
        };
        this.#accountant.note(site, meter, { kind: 'substituted', detail, wire: '' }, Math.round(now));
      }
      yield;
    }
  }

  emit(): void {}
}
