import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { meter } from '../../../model/schema/meter.ts';

const page = (name: string): string =>
  readFileSync(new URL(`../../../docs/devices/${name}`, import.meta.url), 'utf8').replace(
    '3C:9D:…:A1',
    'AB:'.repeat(31) + 'AB',
  );
const exampleOf = (text: string): string => /```yaml\n([\s\S]*?)```/.exec(text)![1]!;
/** What both languages have to say in the same words: the first cells of the table of errors. */
const errorsOf = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line) => /^\| (`[^|]*(?:status|instead|list of|may be missing)[^|]*`)/.exec(line)?.[1] ?? []);

test.each(['redfish', 'http-json'])(
  'the example of %s is a declaration that opens, the same in both languages',
  (name) => {
    const [en, zh] = [page(`${name}.md`), page(`${name}.zh.md`)];
    expect(exampleOf(zh)).toBe(exampleOf(en));
    const { meters } = parse(exampleOf(en)) as { meters: unknown[] };
    expect(meters).toHaveLength(1);
    const declared = meter.parse(meters[0]);
    expect(declared.source.protocol).toBe(name);
    expect(() => openMeter(declared, new Gateways())).not.toThrow();
    expect(errorsOf(zh)).toEqual(errorsOf(en));
    expect(errorsOf(en).length).toBeGreaterThan(3);
  },
);
