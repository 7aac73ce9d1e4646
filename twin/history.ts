import { energyCounts } from './meters.ts';
import { epoch, hourMs, sinceEpoch } from './physics/time.ts';
import type { Meter } from './serve/reading.ts';

/** Thousandths of a watt-hour or kilowatt-hour as decimal text, without a zero more than needed. */
const decimal = (thousandths: number): string => String(Math.round(thousandths) / 1000);

/** Start of the hour as RFC 3339 in the province's zone, which has no daylight saving. */
const local = (at: number): string => new Date(at + 8 * hourMs).toISOString().replace('.000Z', '+08:00');

/**
 * The past as an energy management system would export it: a line for each full hour in [from, to) of each meter, with
 * the rise of its energy register in kWh and the register's level at the hour's end. Meters whose register is a float are
 * left out: its step grows, and no figure of an hour is exact. Faults have no part in it.
 * @throws RangeError outside the years that the twin knows
 */
export function* historyOf(meters: readonly Meter[], from: number, to: number): Iterable<string> {
  const begin = Math.max(Math.ceil(from / hourMs) * hourMs, epoch);
  const end = Math.floor(to / hourMs) * hourMs;
  sinceEpoch(end);
  yield 'meter,hour,energy_kwh,register\n';
  for (const { id, model, flow } of meters) {
    if (model.energy.format === 'float32') continue;
    const level = (at: number) => energyCounts(model, flow.joules(sinceEpoch(at)));
    let before = level(begin);
    let text = '';
    for (let hour = begin; hour < end; hour += hourMs) {
      const after = level(hour + hourMs);
      const rise = after < before ? after + (model.modulus ?? 0) - before : after - before;
      text += `${id},${local(hour)},${decimal((rise * model.energy.unit) / 3600)},${after}\n`;
      before = after;
    }
    yield text;
  }
}
