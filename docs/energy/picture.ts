import type { Language, Text } from '../../model/text.ts';
import type { Example } from './example.ts';

const words = {
  silent: { zh: '无应答', en: 'no answer' },
  hours: { zh: '小时', en: 'hours' },
} as const satisfies Record<string, Text>;

const WIDTH = 760;
const LEFT = 120;
const RIGHT = 28;
const ROW = 54;
const TOP = 30;
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const round = (value: number): string => String(Math.round(value * 100) / 100);

/**
 * An example as a picture: the power of each meter over the hours, hatched where it gave no answer, and the instants at
 * which the page asks. Drawn from the example alone, the same bytes each time.
 */
export function picture({ id, hours, load, silent = {}, acts = [], asks, title }: Example, language: Language): string {
  const meters = Object.keys(load);
  const most = Math.max(...meters.flatMap((meter) => hourly(load[meter], hours)));
  const x = (hour: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * hour) / hours;
  const height = TOP + meters.length * ROW + 44;
  const rows = meters.flatMap((meter, i) => {
    const base = TOP + (i + 1) * ROW - 10;
    const y = (kilowatts: number): number => base - ((ROW - 16) * kilowatts) / most;
    const values = hourly(load[meter], hours);
    const line = values.map((kilowatts, hour) => `L${round(x(hour))} ${round(y(kilowatts))}H${round(x(hour + 1))}`);
    const gaps = (silent[meter] ?? []).map(
      ([from, to]) =>
        `<rect x="${round(x(from))}" y="${base - ROW + 16}" width="${round(x(Math.min(to, hours)) - x(from))}" height="${ROW - 16}" fill="url(#${id}-hatch)"><title>${words.silent[language]}</title></rect>`,
    );
    return [
      `<text x="${LEFT - 10}" y="${base - 20}" text-anchor="end">${escape(meter)}</text>`,
      `<text x="${LEFT - 10}" y="${base - 6}" text-anchor="end" font-size="10" fill="#666">${range(values)} kW</text>`,
      `<path d="M${LEFT} ${base}${line.join('')}V${base}Z" fill="#3b7d6e" fill-opacity=".25" stroke="#3b7d6e"/>`,
      ...gaps,
    ];
  });
  const foot = TOP + meters.length * ROW;
  const mark = (hour: number, colour: string, dash: string): string =>
    `<line x1="${round(x(hour))}" y1="${TOP - 8}" x2="${round(x(hour))}" y2="${foot}" stroke="${colour}" stroke-dasharray="${dash}"/>`;
  const marks = [
    ...asks.map(({ at }, i) => {
      // Two that stand close to each other would cover each other's numbers.
      const isClose = x(at) - x(asks[i - 1]?.at ?? -hours) < 20;
      return [mark(at, '#b4462a', '2 2'), circle(x(at) + (isClose ? 12 : 0), i + 1)].join('');
    }),
    ...acts.map(({ at }) => mark(at, '#555', '6 3')),
  ];
  const every = hours > 72 ? 24 * Math.ceil(hours / 24 / 12) : hours > 24 ? 6 : 3;
  const ticks = Array.from({ length: Math.floor(hours / every) + 1 }, (_, i) => i * every).map(
    (hour) =>
      `<text x="${round(x(hour))}" y="${foot + 14}" text-anchor="middle" font-size="10">${hour > 72 ? `${hour / 24} d` : hour}</text>`,
  );
  const legend = meters.some((meter) => silent[meter])
    ? `<rect x="${LEFT}" y="${foot + 22}" width="14" height="10" fill="url(#${id}-hatch)"/><text x="${LEFT + 20}" y="${foot + 31}" font-size="10">${words.silent[language]}</text>`
    : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="#222">
<title>${escape(title[language])}</title>
<defs><pattern id="${id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><line y2="6" stroke="#b4462a" stroke-width="2"/></pattern></defs>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${rows.join('\n')}
${marks.join('\n')}
${ticks.join('\n')}
<text x="${WIDTH - RIGHT}" y="${foot + 30}" text-anchor="end" font-size="10">${words.hours[language]}</text>
${legend}
</svg>
`;
}

const hourly = (kilowatts: ((hour: number) => number) | undefined, hours: number): number[] =>
  Array.from({ length: hours }, (_, hour) => kilowatts?.(hour) ?? 0);

const range = (values: readonly number[]): string =>
  [...new Set([Math.min(...values), Math.max(...values)])].map((value) => String(Number(value.toFixed(1)))).join('–');

const circle = (x: number, number: number): string =>
  `<circle cx="${round(x)}" cy="${TOP - 16}" r="9" fill="#b4462a"/><text x="${round(x)}" y="${TOP - 12}" text-anchor="middle" fill="#fff" font-size="11">${number}</text>`;
