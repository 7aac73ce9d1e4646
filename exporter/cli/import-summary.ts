import type { HourBook } from '../account/ledger/hour-book.ts';
import { hoursIn } from '../account/past/import-past.ts';
import { HOUR_MS } from '../account/ledger/meter-account.ts';
import type { MeterPast } from '../account/past/past-check.ts';
import { isoIn, type Zone } from '../read/past/energy-time.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';

/** One line a meter: what would be, or was, imported. */
export function importSummary(past: MeterPast, width: number, zone: Zone, book: HourBook | null): string {
  const { meter, rows } = past;
  const [first, last] = [rows.at(0), rows.at(-1)];
  let [millijoules, hours, fine] = [0n, 0, 0];
  for (const row of rows) {
    millijoules += row.millijoules;
    hours += (row.to - row.from) / HOUR_MS;
    if (row.to - row.from === HOUR_MS) fine += 1;
  }
  const missing = hoursIn(past) - hours;
  const coarse = rows.length - fine;
  const kwh = (Number(millijoules / 3_600_000n) / 1000).toFixed(3);
  const words = {
    zh: {
      hours: `${hours} 小时`,
      coarse: `，其中 ${coarse} 个时段只知总量`,
      missing: `，缺 ${missing} 小时`,
      goesOn: '，实时读数将接续寄存器',
    },
    en: {
      hours: `${hours} h`,
      coarse: `, spans known as a whole only: ${coarse}`,
      missing: `, ${missing} h missing`,
      goesOn: ', live readings go on from the register',
    },
  }[terminalLanguage()];
  return [
    `${meter.id.padEnd(width)}  ${isoIn(zone, first?.from ?? 0)} – ${isoIn(zone, last?.to ?? 0)}  `,
    `${words.hours}  ${kwh} kWh`,
    coarse > 0 ? words.coarse : '',
    missing > 0 ? words.missing : '',
    last?.register && !book?.isLive(meter.id) ? words.goesOn : '',
  ].join('');
}
