import type { DatabaseSync } from 'node:sqlite';
import type { Meter } from '../../../model/schema/meter.ts';
import type { Text } from '../../../model/text.ts';
import type { EnergyRow } from '../../read/past/energy-rows.ts';
import { spanText, type Zone } from '../../read/past/energy-time.ts';
import { HourBook } from '../ledger/hour-book.ts';
import { HOUR_MS } from '../ledger/meter-account.ts';
import type { Stretch } from './past.ts';
import { closedMonths } from './past-closed.ts';

const overlaps =
  ({ from, to }: Stretch) =>
  (other: Stretch): boolean =>
    from < other.to && to > other.from;

/** Says what stands in the way of a row in the ledger: live readings, earlier imports, closed months. */
export function takenCheck(database: DatabaseSync, zone: Zone): (meter: Meter) => (row: EnergyRow) => Text | null {
  const book = new HourBook(database);
  const closed = closedMonths(database);
  return ({ id }) => {
    const isLive = book.isLive(id);
    const stretches = book.past.stretches(id).map((stretch) => ({
      ...stretch,
      whole: book.past.exceptions(id, stretch.from, stretch.to).length === 0,
    }));
    /** Whether an earlier import has hours there of which its file had no figure. */
    const empty = (from: number, to: number): boolean =>
      book.past.at(id, from).millijoules === book.past.at(id, to).millijoules &&
      book.past.exceptions(id, from, to).length === (to - from) / HOUR_MS;
    return (row) => {
      const month = closed.find(overlaps(row))?.month;
      if (month !== undefined)
        return {
          zh: `${month} 月已结账：请作为调整分录补入（greenflops adjust）`,
          en: `the month ${month} is closed: bring it as an adjusting entry (greenflops adjust)`,
        };
      const span = spanText(zone, row);
      if (isLive && book.covers(id, row.to - HOUR_MS) === 'live')
        return {
          zh: `"${id}" 在${span.zh}已有实时读数：导入只能补更早的小时`,
          en: `"${id}" has live readings in ${span.en}: an import can only bring earlier hours`,
        };
      const stretch = stretches.find(overlaps(row));
      if (stretch === undefined) return null;
      return !stretch.whole && empty(Math.max(row.from, stretch.from), Math.min(row.to, stretch.to))
        ? {
            zh: `"${id}" 的${span.zh}在一次已导入的时段之内，当时没有数值：请作为调整分录补入（greenflops adjust）`,
            en: `${span.en} of "${id}" lies amid hours that were imported before, without a figure for it: bring it as an adjusting entry (greenflops adjust)`,
          }
        : { zh: `"${id}" 的${span.zh}已经导入过`, en: `${span.en} of "${id}" was imported before` };
    };
  };
}
