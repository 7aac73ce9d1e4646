import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { knownItems } from '../../../model/dlt645-items.ts';
import { meter } from '../../../model/schema/meter.ts';

const page = (name: string) =>
  readFileSync(new URL(`../../../docs/devices/${name}`, import.meta.url), 'utf8').replaceAll('\r', '');

/** The page's YAML: whole meters, then parts of one, which take the place of those of the page's first meter. */
function declaredOn(name: string): object[] {
  const [first, ...parts] = Array.from(page(name).matchAll(/^```yaml\n(.*?)^```$/gms), ([, text = '']) => text);
  const [whole] = (parse(first ?? '') as { meters: object[] }).meters;
  return [whole ?? {}, ...parts.map((part) => ({ ...whole, ...(parse(part) as object) }))];
}

describe.each(['modbus', 'dlt645'])('docs/devices/%s', (protocol) => {
  test.each([`${protocol}.md`, `${protocol}.zh.md`])('%s: what stands there can be declared and opened', (name) => {
    const meters = declaredOn(name);
    expect(meters.length).toBeGreaterThan(1);
    for (const declared of meters) expect(() => openMeter(meter.parse(declared), new Gateways())).not.toThrow();
  });

  test('both languages declare the same, and have as many sections and rows', () => {
    const [en, zh] = [page(`${protocol}.md`), page(`${protocol}.zh.md`)];
    expect(declaredOn(`${protocol}.zh.md`)).toEqual(declaredOn(`${protocol}.md`));
    for (const mark of [/^#+ /gm, /^\| /gm, /^- /gm, /^\d\. /gm]) {
      expect(zh.match(mark)?.length ?? 0, String(mark)).toBe(en.match(mark)?.length ?? 0);
    }
  });
});

describe.each(['dlt645.md', 'dlt645.zh.md'])('the identifiers of docs/devices/%s', (name) => {
  /** '00010100 to 00010400' is each of the tariffs. */
  const rows = Array.from(page(name).matchAll(/^\| ([0-9A-F]{8}[^|]*)\|[^|]*\| (\d) \| (\d) \|([^|]*)\|$/gm), (row) => {
    const [, identifiers = '', bytes, decimals, sign = ''] = row;
    const told = identifiers.match(/[0-9A-F]{8}/g) ?? [];
    const [first, last] = [told.at(-2), told.at(-1)];
    const between = / (to|至) /.test(identifiers)
      ? [...knownItems.keys()].filter((one) => one > (first ?? '') && one < (last ?? '') && one.endsWith('00'))
      : [];
    const digits = { bytes: Number(bytes), decimals: Number(decimals), signed: sign.trim() !== '' };
    return [...told, ...between].map((identifier) => [identifier, digits] as const);
  });

  test('are those that the reader knows, as it reads them', () => {
    expect(Object.fromEntries(rows.flat())).toEqual(Object.fromEntries(knownItems));
  });
});
