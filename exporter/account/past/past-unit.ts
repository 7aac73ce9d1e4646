import type { Meter } from '../../../model/schema/meter.ts';
import type { Text } from '../../../model/text.ts';
import type { Steps } from '../ledger/slices.ts';
import type { EnergyRow, RowList } from '../../read/past/energy-rows.ts';

/** Rows in a step: less than 1 ms of work. */
const STEP_ROWS = 500;

/** Watts: millijoules over milliseconds. */
const watts = ({ millijoules, from, to }: EnergyRow): number => Number(millijoules) / (to - from);

const kilowatts = (value: number): string => `${Number((value / 1000).toPrecision(3))} kW`;

/** The middle of what is not zero; NaN where there is nothing. */
function* usual(rows: RowList): Steps<number> {
  // Float64Array.from would first make a list of all rows.
  const powers = new Float64Array(rows.length);
  let [count, seen] = [0, 0];
  for (const row of rows) {
    if (row.millijoules > 0n) powers[count++] = watts(row);
    if (++seen % STEP_ROWS === 0) yield;
  }
  const sorted = powers.subarray(0, count).sort();
  return sorted[count >> 1] ?? Number.NaN;
}

/** Whether `times` the power would be what the meter usually has, within a factor of two. */
const fits = (power: number, middle: number): boolean => power > middle / 2 && power < middle * 2;

const fault = (power: number, zh: string, en: string, than: number): Text => ({
  zh: `平均功率 ${kilowatts(power)} 看来${zh}（对照 ${kilowatts(than)}）：单位混用？数值无误时请在 unit 列写明单位`,
  en: `a mean power of ${kilowatts(power)} looks 1000 times too ${en} (${kilowatts(than)}): another unit? If the figure is right, state its unit in a column "unit"`,
});

/**
 * Finds rows whose figure looks 1000 times too large or too small beside the meter's other rows, or beside its rated
 * power: kWh among MWh. A meter that may idle or that generates passes through all powers by itself, and a row that
 * states its own unit leaves nothing to guess.
 */
export function* unitCheck(meter: Meter, rows: RowList): Steps<(row: EnergyRow) => Text | null> {
  if (meter.idle_ok || meter.direction !== 'import') return () => null;
  const middle = yield* usual(rows);
  const rated = meter.rated_kw * 1000;
  return (row) => {
    const power = watts(row);
    if (power === 0 || row.ownUnit) return null;
    if (fits(power * 1000, middle))
      return fault(power, '比该表其他行小 1000 倍', "small beside the meter's other lines", middle);
    if (fits(power / 1000, middle))
      return fault(power, '比该表其他行大 1000 倍', "large beside the meter's other lines", middle);
    if (middle < rated / 1000 && power < rated / 1000)
      return fault(power, '比额定功率小 1000 倍', 'small beside the rated power', rated);
    return null;
  };
}
