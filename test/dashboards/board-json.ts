import { loadPlan } from '../../model/load.ts';
import { boards } from '../../dashboards/boards.ts';

/** The parts of Grafana's classic dashboard JSON (schema 42) that are looked at. */
export interface Target {
  refId: string;
  expr: string;
  datasource: { uid: string };
  legendFormat?: string;
  instant?: boolean;
}
export interface PanelJson {
  id: number;
  type: string;
  title: string;
  description: string;
  datasource: { uid: string };
  gridPos: { h: number; w: number; x: number; y: number };
  targets: Target[];
  options: { legend?: { showLegend: boolean } };
  fieldConfig: { defaults: { unit?: string; custom?: { spanNulls?: boolean } } };
}
export interface RowJson {
  id: number;
  title: string;
  gridPos: PanelJson['gridPos'];
}
export interface VariableJson {
  name: string;
  type: string;
  query: string;
  datasource?: { uid: string };
  refresh?: number;
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
}
export interface BoardJson {
  uid: string;
  title: string;
  schemaVersion: number;
  editable: boolean;
  timezone: string;
  refresh: string;
  tags: string[];
  links: { url: string; keepTime: boolean; includeVars: boolean }[];
  templating: { list: VariableJson[] };
  panels: PanelJson[];
  /** Headings, which are panels without anything in them to Grafana */
  rows: RowJson[];
}

function parsed(text: string): BoardJson {
  const board = JSON.parse(text) as Omit<BoardJson, 'rows'>;
  const isRow = ({ type }: PanelJson): boolean => type === 'row';
  return { ...board, panels: board.panels.filter((panel) => !isRow(panel)), rows: board.panels.filter(isRow) };
}

/** The shipped declaration's boards by path, parsed anew at each call: a test may break its copy. */
export const shippedBoards = (): Map<string, BoardJson> =>
  new Map([...boards(loadPlan('plan'))].map(([path, text]) => [path, parsed(text)]));

/** PromQL with Grafana's variables filled in: the picked sites, and a range for `$__rate_interval` and `$__range`. */
export const filledIn = (expression: string, { sites = '.+', rate = '5m', range = '24h' } = {}): string =>
  expression.replaceAll('$site', sites).replaceAll('$__rate_interval', rate).replaceAll('$__range', range);

/** What a variable's `label_values(metric, label)` asks for; null where it is something else. */
export function labelValues({ query }: VariableJson): { metric: string; label: string } | null {
  const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(query) ?? [];
  return metric !== undefined && label !== undefined ? { metric, label } : null;
}
