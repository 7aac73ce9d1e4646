import type { HourBook } from './hour-book.ts';
import { hourOf } from './meter-account.ts';
import type { PueScope } from '../pue/pue-sites.ts';
import { HOUR } from '../pue/window.ts';

/** The end of the last full hour of a scope whose readings have come in, or should have. */
export function lastEnd(book: HourBook, { sides, graceMs }: PueScope, now: number): number {
  const end = hourOf(now);
  if (now - end >= graceMs) return end;
  const meters = [...sides.facility, ...sides.it].map(({ meter }) => meter);
  return book.snapshot(() => {
    book.look(meters, []);
    return meters.some((meter) => (book.span(meter)?.to ?? -Infinity) < end) ? end - HOUR : end;
  });
}
