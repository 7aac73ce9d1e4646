import { describe, expect, test } from 'vitest';
import { shippedBoards } from './board-json.ts';

const CJK = /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/;
/** Keys under which Grafana shows a text to its reader; below `renameByName` each value is the head of a column. */
const SHOWN = new Set(['title', 'description', 'label', 'text', 'noValue', 'legendFormat', 'displayName']);
/** The same in both languages: names, and the text of the variable that Grafana itself writes. */
const NEUTRAL = new Set(['PUE', 'All', '–']);

interface Leaf {
  readonly path: string;
  readonly key: string;
  readonly value: unknown;
}

/** Every leaf with its path, in which the one label that names things is neutral. */
function leaves(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ path: path.join('.'), key: path.at(-1) ?? '', value }];
  // A property of an override is {id, value}: its id is the key under which Grafana shows the value.
  if ('id' in value && 'value' in value && typeof value.id === 'string')
    return leaves(value.value, [...path, value.id]);
  return Object.entries(value).flatMap(([key, one]) => leaves(one, [...path, key.replace(/name_(zh|en)/, 'name')]));
}
const isShown = ({ path, key }: Leaf): boolean => SHOWN.has(key) || path.includes('.renameByName.');
/** The link to the other board is written in the language it leads to. */
const isLink = ({ path }: Leaf): boolean => path.startsWith('links.');

const all = shippedBoards();
const pairs = [...all].flatMap(([path, zh]) => {
  const en = all.get(path.replace('/zh/', '/en/'));
  return path.includes('/zh/') && en ? [{ path, zh: leaves(zh), en: leaves(en) }] : [];
});

test('each board is there in both languages', () => expect(pairs.length * 2).toBe(all.size));
describe.each(pairs)('$path', ({ zh, en }) => {
  test('both have one structure', () => expect(zh.map(({ path }) => path)).toEqual(en.map(({ path }) => path)));
  test('what nobody reads is the same', () => {
    const rest = (list: readonly Leaf[]) =>
      list
        .filter((leaf) => !isShown(leaf) && !/overrides\.\d+\.matcher\.options$/.test(leaf.path))
        .map(({ path, value }) => [path, String(value).replaceAll(/name_(zh|en)|-(zh|en)$/g, '*')]);
    expect(rest(zh)).toEqual(rest(en));
  });
  test('the Chinese board speaks Chinese', () => {
    const silent = zh.filter((leaf) => isShown(leaf) && !isLink(leaf) && !NEUTRAL.has(String(leaf.value)));
    expect(silent.length).toBeGreaterThan(80);
    expect(silent.filter(({ value }) => value !== '' && !CJK.test(String(value)))).toEqual([]);
  });
  test('the English board has no Chinese', () =>
    expect(en.filter((leaf) => !isLink(leaf) && CJK.test(String(leaf.value)))).toEqual([]));
});
