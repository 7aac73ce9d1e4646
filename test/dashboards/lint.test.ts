import { describe, expect, test } from 'vitest';
import { shippedBoards, type BoardJson, type PanelJson } from './board-json.ts';
import { boardRules } from './board-rules.ts';
import { exceptions } from './exceptions.ts';
import { queryRules } from './query-rules.ts';
import type { Rule } from './rules.ts';

type RuleName = keyof typeof boardRules | keyof typeof queryRules;
const rules: Readonly<Record<RuleName, Rule>> = { ...boardRules, ...queryRules };
const names = Object.keys(rules) as RuleName[];

const excepted = (board: BoardJson, rule: RuleName): readonly number[] =>
  exceptions.find((one) => one.rule === rule && board.uid.startsWith(one.board))?.panels ?? [];

describe.each([...shippedBoards()])('%s', (_, board) => {
  test.each(names)('%s', (rule) => {
    const problems = rules[rule](board);
    const panels = excepted(board, rule);
    expect(problems.filter(({ panel }) => panel === undefined || !panels.includes(panel))).toEqual([]);
    const found = new Set(problems.map(({ panel }) => panel));
    expect(
      panels.filter((panel) => !found.has(panel)),
      'exceptions that are needed no more',
    ).toEqual([]);
  });
});

/** The first panel of a type, and a query in it. */
const panel = ({ panels }: BoardJson, type: string): PanelJson => {
  const found = panels.find((one) => one.type === type);
  if (!found) throw new Error(`no ${type} among the panels`);
  return found;
};
const ask = (expr: string) => (board: BoardJson) => {
  for (const target of panel(board, 'table').targets) target.expr = expr;
};

/** One way of breaking a board for each rule: a rule that misses it would find nothing at all. */
const breaks: Record<RuleName, (board: BoardJson) => unknown> = {
  'template-datasource': ({ templating }) => templating.list.reverse(),
  'template-on-time-change-reload': ({ templating }) => (templating.list[1] = { ...templating.list[1]!, refresh: 1 }),
  'panel-datasource': (board) => (panel(board, 'stat').targets[0]!.datasource.uid = 'prometheus'),
  'panel-title-description': (board) => (panel(board, 'stat').description = ''),
  'panel-units': (board) => (board.panels.find(({ id }) => id === 2)!.fieldConfig.defaults.unit = 'furlongs'),
  'panel-no-targets': (board) => (panel(board, 'stat').targets = []),
  'uneditable-dashboard': (board) => (board.editable = true),
  'fixed-frame': (board) => (board.uid = `greenflops-${'x'.repeat(40)}-en`),
  'other-language': ({ links }) => (links[0]!.keepTime = false),
  'unique-id': (board) => (panel(board, 'table').id = panel(board, 'stat').id),
  'fits-grid': (board) => (panel(board, 'table').gridPos.x -= 1),
  'as-many-as-are-read': ({ panels }) => panels.splice(5),
  'gaps-stay-gaps': (board) => (panel(board, 'timeseries').fieldConfig.defaults.custom!.spanNulls = true),
  'target-promql': ask('sum(greenflops_devices'),
  'target-rate-interval': ask('rate(greenflops_energy_joules_total[5m])'),
  'target-counter-agg': ask('sum(greenflops_energy_joules_total)'),
  'template-label-promql': ({ templating }) =>
    (templating.list[1]!.query = 'label_values(greenflops_site_info, region)'),
  'metric-in-catalogue': ask('greenflops_pue'),
  'label-of-metric': ask('greenflops_devices{tier="T1"}'),
  'no-mean-of-ratios': ask('avg by (window) (greenflops_pue_ratio)'),
  'no-sum-over-wholes': ask('sum by (site) (max by (site, pool) (greenflops_compute_pflops{step="busy"}))'),
};

test.each(names)('%s finds what breaks it', (rule) => {
  const [, board] = [...shippedBoards()][0]!;
  const before = rules[rule](board).length;
  breaks[rule](board);
  expect(rules[rule](board).length).toBeGreaterThan(before);
});
