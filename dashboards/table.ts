import type { DynamicConfigValue, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Language, Text } from '../model/text.ts';
import { framed, type Frame } from './panel.ts';
import { refId, rows } from './query.ts';
import { noData } from './words.ts';

export interface Column {
  readonly title: Text;
  /** The label that it shows. @default the value of `expression` */
  readonly label?: string;
  /** A query of the table; of one that brings a label, the value is not shown. */
  readonly expression?: string;
  /** Words for its values. */
  readonly mapping?: ValueMapping;
  /** Words with colours. */
  readonly judgement?: ValueMapping;
  readonly unit?: string;
  readonly decimals?: number;
  /** Pixels. @default an equal part of what the other columns leave */
  readonly width?: number;
}

const properties = (
  { label, mapping, judgement, unit, decimals, width }: Column,
  language: Language,
): DynamicConfigValue[] => [
  // What the panel says without rows is not what a cell says without a value: a figure is missing, a word need not be.
  { id: 'noValue', value: label === undefined ? noData[language] : '–' },
  ...[mapping, judgement].flatMap((words) => (words ? { id: 'mappings', value: [words] } : [])),
  // Elsewhere a word without a colour of its own would take that of the lowest threshold.
  ...(judgement
    ? [
        { id: 'custom.cellOptions', value: { type: 'color-text' } },
        // No verdict is no good one.
        { id: 'color', value: { mode: 'fixed', fixedColor: 'text' } },
      ]
    : []),
  ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
  ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
  ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
];

/**
 * A table of what is so now: a row for each combination of the labels that all its queries share, a column for each of
 * `columns` in their order. `hidden`: labels that tell rows apart and are not shown. The first query must answer wherever
 * another one does: the value of a lone answer would be shown as its.
 */
export function table(
  frame: Frame,
  columns: readonly Column[],
  hidden: readonly string[],
  language: Language,
): PanelBuilder {
  const expressions = columns.flatMap(({ expression }) => expression ?? []);
  // Grafana's names of the values, and its name of the only one where no other query answers: taken for the first.
  const valuesOf = (expression: string): string[] => {
    const index = expressions.indexOf(expression);
    return index === 0 ? ['Value', 'Value #A'] : [`Value #${refId(index)}`];
  };
  const shown = columns.flatMap(({ title, label, expression }) =>
    (label === undefined ? valuesOf(expression ?? '') : [label]).map((field) => ({ field, title: title[language] })),
  );
  const unshown = columns.flatMap(({ label, expression }) => (label && expression ? valuesOf(expression) : []));
  const panel = framed(new PanelBuilder(), frame, language)
    .showHeader(true)
    .targets(rows(expressions))
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(['Time', ...hidden, ...unshown].map((field) => [field, true])),
        indexByName: Object.fromEntries(shown.map(({ field }, index) => [field, index])),
        renameByName: Object.fromEntries(shown.map(({ field, title }) => [field, title])),
      },
    });
  for (const column of columns) {
    const settings = properties(column, language);
    if (settings.length > 0) panel.overrideByName(column.title[language], settings);
  }
  return panel;
}

/** Rows in the order of these columns, `down`: from the highest; the order in which Prometheus gives them is another one each time. */
export const sorted = (
  panel: PanelBuilder,
  by: readonly Text[],
  language: Language,
  down: readonly Text[] = [],
): PanelBuilder =>
  panel.sortBy(
    by.map((title) => new TableSortByFieldStateBuilder().displayName(title[language]).desc(down.includes(title))),
  );
