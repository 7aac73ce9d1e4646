import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { faultPages } from '../../docs/devices/faults.ts';
import { readFailures } from '../../exporter/read/reader.ts';
import { rejections } from '../../model/reasons.ts';

const root = new URL('../../', import.meta.url);
let pages: ReadonlyMap<string, string>;
beforeAll(async () => {
  pages = await faultPages();
}, 60_000);

const english = (): string => pages.get('docs/devices/faults.md') ?? '';
const rows = (): string[] =>
  english()
    .split('\n')
    .filter((line) => /^\| (?!fault |---)/.test(line));

test('the pages that are committed are what the readers say (node docs/devices/faults.ts)', () => {
  expect(pages.size).toBe(2);
  for (const [path, text] of pages) expect(readFileSync(new URL(path, root), 'utf8'), path).toBe(text);
});

describe('the page', () => {
  test('holds no address, port or folder of the play', () => {
    for (const text of pages.values())
      expect(text).not.toMatch(/127\.0\.0\.1|localhost|greenflops-(faults|drop)-|\/tmp\//);
  });

  test('has each label of failures and refusals as the exporter spells it', () => {
    const known = new Set<string>([
      ...readFailures.map((failure) => `failure="${failure}"`),
      ...Object.keys(rejections).map((reason) => `reason="${reason}"`),
      'outcome="refused"',
    ]);
    const used = rows().map((line) => line.split(' | ')[1]?.replaceAll('`', ''));
    expect(used.length).toBeGreaterThan(100);
    expect(used.filter((label) => label === undefined || !known.has(label))).toEqual([]);
    expect(readFailures.filter((failure) => !used.includes(`failure="${failure}"`))).toEqual([]);
  });

  test.each([
    'no answer',
    'refused',
    'wrong password',
    'exception',
    'increas',
    'empty',
    'too large',
    'cut in the middle',
    'wrong format',
    'partial answer',
    'stale timestamp',
  ])('has the fault: %s', (words) => {
    expect(rows().filter((line) => line.split(' | ')[0]?.includes(words))).not.toEqual([]);
  });

  test('has the same rows in both languages', () => {
    const messages = (path: string) =>
      (pages.get(path) ?? '')
        .split('\n')
        .filter((line) => line.includes('`failure='))
        .map((line) => line.split(' | ').slice(1, 3));
    expect(messages('docs/devices/faults.zh.md')).toEqual(messages('docs/devices/faults.md'));
  });
});
