import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { devicePages, probedPages } from '../../docs/devices/probe-output.ts';
import { tiers } from '../../exporter/publish/words.ts';
import { calibration } from '../../model/schema/calibration.ts';
import { estate } from '../../model/schema/estate.ts';
import type { AllocationSource, MeterProtocol, PoolSourceOf } from '../../model/schema/sources.ts';
import type { Language } from '../../model/text.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'docs/devices');
const languages = ['en', 'zh'] as const satisfies readonly Language[];
const pageOf = (language: Language): string => readFileSync(join(root, devicePages[language]), 'utf8');
const linksOf = (page: string): string[] => [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target ?? '');

/** Whatever may be declared: a protocol that is missing here does not compile. */
const protocols = Object.keys({
  'modbus-tcp': true,
  dlt645: true,
  snmp: true,
  redfish: true,
  'http-json': true,
  exposition: true,
  prometheus: true,
  kubernetes: true,
  'file-drop': true,
  calculated: true,
} satisfies Record<MeterProtocol | PoolSourceOf['protocol'] | AllocationSource['protocol'], true>);

/** Pages of the folder by name, without language and ending. */
const names = (ending: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending) && (ending !== '.md' || !name.endsWith('.zh.md')))
    .map((name) => name.slice(0, -ending.length))
    .sort();

test('each page is there in both languages', () => {
  expect(names('.zh.md')).toEqual(names('.md'));
});

describe.each(languages)('the way in, %s', (language) => {
  const ending = language === 'zh' ? '.zh.md' : '.md';

  test('leads to every page of the folder', () => {
    const linked = linksOf(pageOf(language));
    expect(names('.md').filter((name) => name !== 'README' && !linked.includes(`${name}${ending}`))).toEqual([]);
  });

  test('and to nothing that is not there', () => {
    const page = pageOf(language);
    const headings = new Set(page.match(/^## .*/gm)?.map((line) => line.slice(3).toLowerCase().replaceAll(' ', '-')));
    const dead = linksOf(page).filter((target) =>
      target.startsWith('#') ? !headings.has(target.slice(1)) : !existsSync(join(folder, target)),
    );
    expect(dead).toEqual([]);
  });

  test('names every protocol that can be declared', () => {
    const page = pageOf(language);
    for (const protocol of protocols) expect(page).toContain(`\`${protocol}\``);
  });

  test('shows declarations that the schema takes', () => {
    const blocks = [...pageOf(language).matchAll(/```yaml\n([^]*?)```/g)].map(
      ([, text]) => parse(text ?? '') as object,
    );
    expect(blocks).toHaveLength(3);
    for (const block of blocks) {
      const { meters, pools } = block as { meters?: unknown; pools?: unknown };
      const { success, error } = meters
        ? estate.shape.meters.safeParse(meters)
        : pools
          ? estate.shape.pools.safeParse(pools)
          : calibration.safeParse(block);
      expect(success, error?.message).toBe(true);
    }
  });

  test('says of each tier what the exporter says', () => {
    for (const [tier, words] of Object.entries(tiers))
      expect(pageOf(language)).toContain(`| ${tier} | ${words[language]} |`);
  });
});

describe('the output of probes', () => {
  let probed: ReadonlyMap<string, string>;
  beforeAll(async () => {
    probed = await probedPages();
  }, 60_000);
  /** How long an answer took is another figure in each run. */
  const timeless = (page: string): string => page.replaceAll(/\d+\.\d ms/g, 'N ms');

  test.each(languages)('is what the command says of the twin (node docs/devices/probe-output.ts), %s', (language) => {
    const page = pageOf(language);
    expect(timeless(probed.get(devicePages[language]) ?? '')).toBe(timeless(page));
    expect(page.match(/^\$ greenflops probe /gm)).toHaveLength(2);
  });
});
