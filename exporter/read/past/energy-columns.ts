import { nearest } from '../../../model/nearest.ts';
import type { Rational } from '../../../model/rational.ts';
import type { Text } from '../../../model/text.ts';
import { unitNames, unitOf } from './energy-units.ts';

/** What a row of a file stands for, by the column of its time. */
export const spanKinds = {
  hourly: { times: ['hour'], more: ['register'], name: { zh: '小时', en: 'hourly' } },
  daily: { times: ['date'], more: ['register'], name: { zh: '日', en: 'daily' } },
  monthly: { times: ['month'], more: [], name: { zh: '月', en: 'monthly' } },
  bill: { times: ['from', 'to'], more: ['reference'], name: { zh: '账单', en: 'bills' } },
} as const satisfies Record<string, { times: readonly Field[]; more: readonly Field[]; name: Text }>;
export type SpanKind = keyof typeof spanKinds;
const kinds = Object.entries(spanKinds) as [SpanKind, (typeof spanKinds)[SpanKind]][];

export type Field = 'meter' | 'hour' | 'date' | 'month' | 'from' | 'to' | 'energy' | 'unit' | 'register' | 'reference';

/** Names of the columns; the first is the one that messages say. */
const names: Readonly<Record<Field, readonly string[]>> = {
  meter: ['meter', '表号', '电表', '电表编号', '表计'],
  hour: ['hour', 'time', '小时', '时间'],
  date: ['date', '日期'],
  month: ['month', '月份'],
  from: ['from', '起始', '起始时间', '起始日期', '开始'],
  to: ['to', '结束', '结束时间', '结束日期'],
  energy: ['energy', '电量', '用电量'],
  unit: ['unit', '单位'],
  register: ['register', '寄存器', '示数', '表码'],
  reference: ['reference', '凭证', '账单号'],
};
const fields = new Map(Object.entries(names).flatMap(([field, all]) => all.map((name) => [name, field as Field])));

/** energy_kwh, 电量(kWh), 电量（千瓦时） */
const WITH_UNIT = /^(energy|用?电量) ?(?:_|\(|（|\[)(.+?)[)）\]]?$/i;

/** What is known of the files of one place beside their headers. */
export interface Layout {
  /** What they call their columns: these alone are read, whatever else stands there. null: the names that are known */
  readonly columns: Readonly<Partial<Record<Field, string>>> | null;
  /** Of the column of energy, where its header states none */
  readonly unit: string | null;
  /** What they call their meters -> ids */
  readonly meters: ReadonlyMap<string, string>;
}

/** Where in a line the fields stand. */
export interface Columns {
  readonly kind: SpanKind;
  readonly count: number;
  readonly at: Readonly<Partial<Record<Field, number>>>;
  /** as the header writes the column of energy */
  readonly energy: string;
  /** millijoules in the unit that the header states; null: each row states its own */
  readonly unit: Rational | null;
}

interface Head {
  readonly field: Field | undefined;
  readonly unit: Rational | null;
}

function fieldOf(cell: string): Head {
  const [, name, unitName] = WITH_UNIT.exec(cell) ?? [];
  const unit = unitName === undefined ? null : unitOf(unitName);
  if (name !== undefined && unit !== null) return { field: 'energy', unit };
  return { field: fields.get(cell.toLowerCase()), unit: null };
}

/** What the cells of a header are called by a layout. */
function headsOf(cells: readonly string[], layout: Layout | null): readonly Head[] {
  const stated = layout?.unit == null ? null : unitOf(layout.unit);
  const called =
    layout?.columns && new Map(Object.entries(layout.columns).map(([field, name]) => [name, field as Field]));
  return cells.map((cell) => {
    const known = fieldOf(cell);
    const field = called ? called.get(cell) : known.field;
    return { field, unit: field === 'energy' ? (known.unit ?? stated) : null };
  });
}

/** Columns of a header that messages show. */
const MOST_SHOWN = 30;

const note = (zh: string, en: string): Text => ({ zh, en });
const quoted = (cells: readonly string[]): string =>
  cells
    .slice(0, MOST_SHOWN)
    .map((cell) => `"${cell}"`)
    .join(', ') + (cells.length > MOST_SHOWN ? ' …' : '');
const shapes = kinds.map(([, { times, more }]) =>
  ['meter', ...times, 'energy_kwh', ...more.map((name) => `[${name}]`)].join(','),
);

/** Whether a line among the data is a header: files that were joined have one in the middle. */
export const isHeader = (cells: readonly string[], layout: Layout | null = null): boolean => {
  const known = headsOf(cells, layout).filter(({ field }) => field !== undefined).length;
  return known >= Math.min(3, Object.keys(layout?.columns ?? names).length);
};

/** Reads a header: which columns stand where, or what was found and what is needed. */
export function columnsOf(cells: readonly string[], layout: Layout | null = null): Columns | Text {
  const read = headsOf(cells, layout);
  const at: Partial<Record<Field, number>> = {};
  for (const [index, { field }] of read.entries()) if (field) at[field] ??= index;
  const strange = layout?.columns ? [] : cells.filter((_, index) => read[index]?.field === undefined);
  const fit = kinds.find(([, { times }]) => times.some((name) => at[name] !== undefined));
  const [kind, shape] = fit ?? [];
  // Files that hold one meter's energy need not say whose.
  const isOne = layout !== null && layout.meters.size === 1 && layout.columns?.meter === undefined;
  const needed: Field[] = [...(isOne ? [] : ['meter' as const]), ...(shape?.times ?? []), 'energy'];
  const allowed = new Set<Field>(['meter', ...needed, ...(shape?.more ?? []), 'unit']);
  const unit = at.energy === undefined ? null : (read[at.energy]?.unit ?? null);
  const complaint = ((): Text | null => {
    if (strange.length > 0) {
      const hints = [...fields.keys(), 'energy_kwh'];
      const hint = strange
        .slice(0, MOST_SHOWN)
        .map((cell) => nearest(cell.toLowerCase(), hints))
        .find(Boolean);
      return note(
        `无法识别 ${quoted(strange)}${hint ? `，是不是 "${hint}"？` : ''}`,
        `${quoted(strange)} is not known${hint ? `; did you mean "${hint}"?` : ''}`,
      );
    }
    const twice = cells.filter((_, index) => {
      const field = read[index]?.field;
      return field !== undefined && at[field] !== index;
    });
    if (twice.length > 0) return note(`${quoted(twice)} 重复`, `${quoted(twice)} says again what another column says`);
    if (kind === undefined) {
      const times = Object.values(layout?.columns ?? {});
      const wanted = times.length > 0 ? ` (${quoted(times)})` : '';
      return note(`缺少时间列${wanted}`, `there is no column of time${wanted}`);
    }
    const absent = needed
      .filter((name) => at[name] === undefined)
      .map((name) => layout?.columns?.[name] ?? (name === 'energy' ? 'energy_kwh' : name));
    if (absent.length > 0) return note(`缺少 ${quoted(absent)}`, `${quoted(absent)} is missing`);
    const other = cells.filter((_, index) => !allowed.has(read[index]?.field ?? 'meter'));
    if (other.length > 0)
      return note(`${quoted(other)} 与其他列不能同在一个文件`, `${quoted(other)} does not go with the other columns`);
    if (unit === null && at.unit === undefined)
      return note(
        `"${cells[at.energy ?? 0]}" 没有单位：请写成如 energy_kwh 或 电量(kWh)（可用单位 ${unitNames.join('、')}），或另加一列 unit`,
        `"${cells[at.energy ?? 0]}" has no unit: write energy_kwh or 电量(kWh) (units: ${unitNames.join(', ')}), or add a column "unit"`,
      );
    return null;
  })();
  if (complaint === null && kind !== undefined)
    return { kind, count: cells.length, at, energy: cells[at.energy ?? 0] ?? '', unit };
  const shapesWanted = layout?.columns ? quoted(Object.values(layout.columns)) : shapes.join(' | ');
  return {
    zh: `表头：${complaint?.zh}。实际列：${quoted(cells)}；应为${layout?.columns ? '声明的列' : '下列之一'}：${shapesWanted}`,
    en: `header: ${complaint?.en}. Columns found: ${quoted(cells)}; needed ${layout?.columns ? 'are, as declared' : 'is one of'}: ${shapesWanted}`,
  };
}
