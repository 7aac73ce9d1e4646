import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cellsOf, ratioOf, verdictOf } from '../../bench/cells.ts';
import { benchPages } from '../../bench/pages.ts';
import { readRecord, renewed, type Run } from '../../bench/record.ts';

const root = new URL('../../', import.meta.url);
const run = (name: string, rest: Partial<Run> = {}): Run => ({
  name,
  what: { zh: '甲', en: 'A' },
  at: '2026-11-30T01:02:03.000Z',
  commit: 'abc123+',
  node: 'v24.0.0',
  cpu: 'CPU | model',
  cores: 2,
  results: [],
  ...rest,
});
const slow = { name: 'cycle', unit: 's', value: 6, peer: { name: 'other', value: 12 } };
const broken = { ...slow, budget: { at: 'most', limit: 5 } } as const;
const english = (runs: readonly Run[]): string => benchPages(runs).get('docs/bench.md') ?? '';

test('the pages that are committed are what docs/bench.json says (npm run bench -- --write)', () => {
  const runs = readRecord();
  expect(runs.length).toBeGreaterThan(0);
  for (const [path, text] of benchPages(runs)) expect(readFileSync(new URL(path, root), 'utf8'), path).toBe(text);
});

describe('what a figure comes to', () => {
  test('less time is better, and so is more work a second', () => {
    expect(ratioOf(slow)).toBe(2);
    expect(ratioOf({ ...slow, unit: 'M series/s' })).toBe(0.5);
    expect(ratioOf({ ...slow, peer: undefined })).toBeNull();
  });

  test('a budget has a side; without one there is no verdict', () => {
    expect(verdictOf(broken)).toBe('broken');
    expect(verdictOf({ ...slow, budget: { at: 'least', limit: 5 } })).toBe('holds');
    expect(verdictOf(slow)).toBeNull();
    expect(cellsOf(broken)).toEqual(['cycle', '6.00 s', '12.0 s (other)', '2.00 x', '<= 5 s']);
  });
});

describe('the page', () => {
  test('names the command, the day, the commit and the machine of each run, and marks what is broken', () => {
    const page = english([run('modbus', { results: [broken] })]);
    expect(page).toContain('## modbus\n');
    expect(page).toContain('`npm run bench -- modbus` · 2026-11-30 · abc123+ · CPU | model · 2 cores · Node v24.0.0');
    expect(page).toContain('| cycle | 6.00 s | 12.0 s (other) | 2.00 x | <= 5 s | **broken** |');
  });

  test('says why a benchmark was not run, and has no table of it', () => {
    const page = english([run('fleet', { skipped: 'no Prometheus' })]);
    expect(page).toContain('Not run: no Prometheus\n');
    expect(page).not.toContain('| what |');
  });
});

test('what is run anew takes the place of its older run; the order is that of the list, and what went is gone', () => {
  const known = [run('a', { commit: 'old' }), run('gone'), run('c')];
  const fresh = [run('b'), run('a', { commit: 'new' })];
  expect(renewed(known, fresh, ['a', 'b', 'c', 'd']).map(({ name, commit }) => `${name} ${commit}`)).toEqual([
    'a new',
    'b abc123+',
    'c abc123+',
  ]);
});
