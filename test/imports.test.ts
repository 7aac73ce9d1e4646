import { describe, expect, test } from 'vitest';
import { importGraph, importsOf, violations } from './imports.ts';

const broken = (from: string, to: string) => violations([{ from, to }]).length > 0;

describe('the rules, on made-up imports', () => {
  test.each([
    ['model/plan.ts', 'exporter/clock.ts'],
    ['model/plan.ts', 'twin/site.ts'],
    ['twin/main.ts', 'model/plan.ts'],
    ['twin/main.ts', 'test/tally.ts'],
    ['exporter/run.ts', 'twin/main.ts'],
    ['exporter/run.ts', 'bench/main.ts'],
    ['exporter/read/modbus.ts', 'exporter/judge/limits.ts'],
    ['exporter/read/modbus.ts', 'exporter/run.ts'],
    ['exporter/judge/limits.ts', 'exporter/publish/page.ts'],
    ['exporter/judge/limits.ts', 'exporter/account/ledger/ledger.ts'],
    ['exporter/account/ledger/ledger.ts', 'exporter/publish/render.ts'],
    ['exporter/clock.ts', 'exporter/read/reader.ts'],
    ['dashboards/energy.ts', 'exporter/publish/render.ts'],
    ['alerts/burn.ts', 'dashboards/energy.ts'],
    ['infra/pools.ts', 'exporter/clock.ts'],
  ])('%s may not import %s', (from, to) => expect(broken(from, to)).toBe(true));

  test.each([
    ['model/plan.ts', 'model/schema/estate.ts'],
    ['twin/main.ts', 'twin/site.ts'],
    ['exporter/read/modbus.ts', 'model/rational.ts'],
    ['exporter/read/modbus.ts', 'exporter/clock.ts'],
    ['exporter/publish/page.ts', 'exporter/read/reader.ts'],
    ['exporter/account/ledger/ledger.ts', 'exporter/judge/limits.ts'],
    ['exporter/cycle.ts', 'exporter/publish/render.ts'],
    ['exporter/cli/main.ts', 'exporter/run.ts'],
    ['alerts/burn.ts', 'model/metrics/index.ts'],
    ['test/exporter/run.test.ts', 'twin/main.ts'],
  ])('%s may import %s', (from, to) => expect(broken(from, to)).toBe(false));
});

test('every way of importing is seen, with the path that it means', () => {
  const text = [
    "import { a } from '../../model/text.ts';",
    "import type {\n  B,\n} from '../judge/limits.ts';",
    "import './side-effect.ts';",
    "export * from './other.ts';",
    "const lazy = await import('../../twin/main.ts');",
    "import { c } from '@greenflops/model/plan.ts';",
    "import fs from 'node:fs';",
    "import { z } from 'zod';",
  ].join('\n');
  expect(importsOf('exporter/read/http.ts', text).map(({ to }) => to)).toEqual([
    'model/text.ts',
    'exporter/judge/limits.ts',
    'exporter/read/side-effect.ts',
    'exporter/read/other.ts',
    'twin/main.ts',
    'model/plan.ts',
  ]);
});

test('the repository keeps the rules', () => {
  const graph = importGraph(new URL('..', import.meta.url).pathname);
  // The reader of the graph sees something: this one import has to be there.
  expect(graph).toContainEqual({ from: 'exporter/read/reader.ts', to: 'model/rational.ts' });
  expect(violations(graph)).toEqual([]);
});
