import { describe, expect, test } from 'vitest';
import * as compute from '../../../model/metrics/compute.ts';
import { catalogue } from '../../../model/metrics/index.ts';
import { languages, type Text } from '../../../model/text.ts';
import { Board } from '../../../exporter/publish/exposition.ts';
import { problems } from '../../../exporter/publish/http/problems.ts';
import { labels } from '../../../exporter/publish/page/labels.ts';
import { chooseLanguage, page } from '../../../exporter/publish/page/page.ts';
import { status } from '../../../exporter/publish/status.ts';
import * as words from '../../../exporter/publish/words.ts';
import { declared, emitScene, NOW, sceneSnapshot } from './made-up.ts';
import { readText } from './read-text.ts';

const HAN = /\p{Script=Han}/u;
const tables = {
  labels,
  problems: Object.fromEntries(Object.entries(problems).map(([id, { text }]) => [id, text])),
  ...Object.fromEntries(Object.entries(words).filter(([, table]) => typeof table === 'object')),
};
/** Said alike in both languages, or in the other one on purpose. */
const EXCEPTIONS = new Set(['labels.it', 'labels.language', 'sentences.cause']);
const texts = Object.entries(tables).flatMap(([table, rows]) =>
  Object.entries(rows as Record<string, Text>).map(([id, text]): [string, Text] => [`${table}.${id}`, text]),
);

test.each(texts.filter(([id]) => !EXCEPTIONS.has(id)))('%s is in Chinese and in English', (_, { zh, en }) => {
  expect(zh).toMatch(HAN);
  expect(en).not.toMatch(HAN);
});

test.each(texts)('%s has the same places in both', (_, { zh, en }) => {
  const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
  expect(places(zh)).toEqual(places(en));
});

describe.each([
  ['after some minutes', { down: ['nc-ups-2', 'py-910a'] }],
  ['after some days', { days: true }],
])('%s', async (_, scene) => {
  const snapshot = await sceneSnapshot(scene);
  const now = status(snapshot, declared, NOW);
  const html = { zh: page(now, 'zh'), en: page(now, 'en') };

  test('no place is left unfilled', () => {
    for (const language of languages) expect(html[language]).not.toMatch(/\{\w+\}|undefined|NaN|\[object/);
  });

  test('the English page has no Chinese but the link to it and the number of the document', () => {
    const rest = html.en.replace('中文', '').replace(declared.promise.document.number, '');
    expect(rest).not.toMatch(HAN);
  });

  test('both pages have the same figures in the same places', () => {
    const shape = (text: string): string[] => [...text.matchAll(/<(\w+)|value="([^"]*)"/g)].map(([tag]) => tag);
    expect(shape(html.zh)).toEqual(shape(html.en));
  });

  test('every exact figure stands on /metrics', () => {
    const metrics = new Set(readText(Buffer.concat(snapshot.text.plain).toString()).map(({ value }) => Number(value)));
    const sums = new Set(now.sites.flatMap(({ powerWatts }) => Object.values(powerWatts)));
    const figures = [...html.en.matchAll(/<data value="([^"]*)">/g)].map(([, value]) => Number(value));
    expect(figures.length).toBeGreaterThan(40);
    expect(figures.filter((value) => !metrics.has(value) && !sums.has(value))).toEqual([]);
  });

  test('it is whole without scripts and loads nothing from elsewhere', () => {
    expect(
      [...html.en.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url).filter((url) => !url?.startsWith('/')),
    ).toEqual([]);
    expect(html.en).not.toMatch(/<style|style="|<script>| on\w+="/);
    expect(html.zh).toContain('<html lang="zh-CN">');
  });
});

test('the page before the first cycle', () => {
  expect(page(null, 'zh')).toContain('第一个采集周期尚未完成');
});

test('what a device or a declaration says is never markup', async () => {
  const cycle = new Board({ catalogue, clock: { wall: () => NOW } }).begin();
  emitScene(cycle.emit);
  cycle.emit(
    compute.unknownAccelerator,
    { site: 'nanchang', pool: 'nc-a800', model: `<script>alert("1")</script>&'` },
    1,
  );
  const html = page(status(await cycle.finish(), declared, NOW), 'en');
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;');
  expect(html).not.toContain('<script>alert');
});

test.each<[string, unknown, string | undefined, string]>([
  ['nothing said', undefined, undefined, 'zh'],
  ['a browser set to English', undefined, 'en-GB,en;q=0.9', 'en'],
  ['English before Chinese', undefined, 'en,zh-CN;q=0.9', 'en'],
  ['Chinese before English', undefined, 'fr, en;q=0.3, zh-CN;q=0.7', 'zh'],
  ['a language that is not here', undefined, 'fr', 'zh'],
  ['no English at all', undefined, 'en;q=0', 'zh'],
  ['anything', undefined, '*', 'zh'],
  ['the link', 'en', 'zh', 'en'],
  ['a wrong link', 'xx', 'en', 'en'],
  ['two links', ['en', 'zh'], 'zh', 'zh'],
])('language: %s', (_, asked, header, language) => expect(chooseLanguage(asked, header)).toBe(language));
