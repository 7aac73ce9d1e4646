import type { Text } from '../../../model/text.ts';
import { both, list } from './say.ts';

/** A number as people read it: grouped, with the three to five digits that matter. The exact one stands beside it. */
export function figure(value: number): string {
  const digits = Math.abs(value) < 1000 ? 3 : Math.min(5, Math.floor(Math.log10(Math.abs(value))) + 1);
  const minimumSignificantDigits = Number.isInteger(value) ? 1 : digits;
  return new Intl.NumberFormat('en', { minimumSignificantDigits, maximumSignificantDigits: digits }).format(value);
}

export const ratio = (value: number): string => value.toFixed(3);
/** A share that is there but would round to nothing is not shown as nothing. */
export const percent = (share: number): string =>
  share > 0 && share < 0.0005 ? '< 0.1 %' : `${(share * 100).toFixed(1)} %`;

type Units = readonly (readonly [size: number, unit: string])[];
const POWER: Units = [
  [1, 'W'],
  [1e3, 'kW'],
  [1e6, 'MW'],
  [1e9, 'GW'],
];
/** Joules as the watt-hours that the field speaks in. */
const ENERGY: Units = [
  [3600, 'Wh'],
  [3.6e6, 'kWh'],
  [3.6e9, 'MWh'],
  [3.6e12, 'GWh'],
];
const MASS: Units = [
  [1, 'kg'],
  [1e3, 't'],
  [1e6, 'kt'],
];

/** In the largest unit of which there is at least one. */
function scaled(value: number, units: Units): string {
  const [size, unit] = units.findLast(([one]) => Math.abs(value) >= one) ?? units[0] ?? [1, ''];
  return `${figure(value / size)} ${unit}`;
}
export const watts = (value: number): string => scaled(value, POWER);
export const joules = (value: number): string => scaled(value, ENERGY);
export const kilograms = (value: number): string => scaled(value, MASS);
export const pflops = (value: number): string => `${figure(value)} PFlops`;
/** PFlop-seconds as PFlop-hours. */
export const pflopHours = (value: number): string => `${figure(value / 3600)} PFlop·h`;

/** The plan's days are days in China; every page says which zone its times are in. */
const ZONE = 'Asia/Shanghai';
const LOCALES: Text = { zh: 'zh-CN', en: 'en-GB' };
const formats = (options: Intl.DateTimeFormatOptions) => ({
  zh: new Intl.DateTimeFormat(LOCALES.zh, { timeZone: ZONE, ...options }),
  en: new Intl.DateTimeFormat(LOCALES.en, { timeZone: ZONE, ...options }),
});
const DAY = formats({ year: 'numeric', month: 'short', day: 'numeric' });
const HOUR = formats({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** A time of day where it is on the same day as `now`, else date and time; Asia/Shanghai. */
export const time = (at: number, now: number): Text =>
  both((language) => {
    const date = DAY[language].format(at);
    const hour = HOUR[language].format(at);
    return date === DAY[language].format(now) ? hour : `${date} ${hour}`;
  });

/** The day alone; Asia/Shanghai. */
export const day = (at: number): Text => both((language) => DAY[language].format(at));

const SPANS: readonly (readonly [seconds: number, unit: Text])[] = [
  [86_400, { zh: '天', en: 'd' }],
  [3600, { zh: '小时', en: 'h' }],
  [60, { zh: '分钟', en: 'min' }],
  [1, { zh: '秒', en: 's' }],
];

/** A span of time in its largest unit and the next: '2 h 30 min'. */
export function span(seconds: number): Text {
  let left = Math.max(1, Math.round(seconds));
  const first = SPANS.findIndex(([size]) => left >= size);
  const parts = SPANS.slice(first, first + 2).flatMap(([size, unit]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [both((language) => `${count} ${unit[language]}`)];
  });
  return list(parts, { zh: ' ', en: ' ' });
}
