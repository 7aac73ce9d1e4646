import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { datasource } from './panel.ts';

/** Grafana's name of a panel's n-th query, by which overrides and columns name it. */
export const refId = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

/** A query with the words that stand beside its values. */
export interface Named {
  readonly expression: string;
  readonly legend: string;
}

const query = (expression: string, index: number): DataqueryBuilder =>
  new DataqueryBuilder().datasource(datasource).refId(refId(index)).expr(expression);

/** Values of now. */
export const instants = (queries: readonly Named[]): DataqueryBuilder[] =>
  queries.map(({ expression, legend }, index) => query(expression, index).instant().legendFormat(legend));

/** Values over the time range. */
export const ranges = (queries: readonly Named[]): DataqueryBuilder[] =>
  queries.map(({ expression, legend }, index) => query(expression, index).range().legendFormat(legend));

/** Values of now as rows, their labels as columns. */
export const rows = (expressions: readonly string[]): DataqueryBuilder[] =>
  expressions.map((expression, index) => query(expression, index).instant().format(PromQueryFormat.Table));
