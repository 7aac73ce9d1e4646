import { expect, test } from 'vitest';
import { panels } from '../../alerts/links.ts';
import { boards } from '../../dashboards/boards.ts';
import * as computeWords from '../../dashboards/compute/words.ts';
import { windows as boardWindows } from '../../dashboards/words.ts';
import { windows } from '../../exporter/account/pue/window.ts';
import { holders, tiers } from '../../exporter/publish/words.ts';
import { loadPlan } from '../../model/load.ts';
import { shippedBoards } from './board-json.ts';

const plan = loadPlan('plan');

test('the same declaration gives the same bytes', () => expect(boards(loadPlan('plan'))).toEqual(boards(plan)));
test('every window of PUE has its words', () => expect(Object.keys(boardWindows).sort()).toEqual([...windows].sort()));
test('every tier, and all work of no tenant, has its words', () => {
  const { none: _, ...tenants } = holders;
  expect(computeWords.holders).toEqual(tenants);
  expect(Object.keys(computeWords.tiers)).toEqual(['none', ...Object.keys(tiers)]);
});
test('the question is that of the plan', () => {
  const targets = plan.promise.targets.map((target) => ({ ...target, value: 7000 }));
  const [text] = boards({ ...plan, promise: { ...plan.promise, targets } }).values();
  expect(text).toContain('通往 7000 PFlops 的路上');
});
test('a plan without a target of computing power has no such board, and says what to do', () => {
  const promise = { ...plan.promise, targets: plan.promise.targets.filter(({ counts }) => counts.from !== 'compute') };
  expect(() => boards({ ...plan, promise })).toThrow(/jiangxi-ai-plus.*counts: \{from: compute/);
});

test.each(Object.entries(panels))(
  'the panel %s, to which alerts lead, is there and heeds the site or not',
  (_, { board: name, id, site }) => {
    for (const [path, board] of shippedBoards()) {
      if (!path.endsWith(`/${name}.json`)) continue;
      const panel = board.panels.find((one) => one.id === id);
      expect(panel?.targets.some(({ expr }) => expr.includes('$site'))).toBe(site);
    }
  },
);
