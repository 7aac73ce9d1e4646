import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { meter } from '../../../model/schema/meter.ts';

const page = (name: string) => readFileSync(join(import.meta.dirname, '../../../docs/devices', name), 'utf8');
const examples = (text: string) => Array.from(text.matchAll(/```yaml\n(.*?)```/gs), ([, yaml = '']) => yaml);

test('both pages declare the same meters, and each can be opened as it stands', () => {
  const declared = examples(page('snmp.md'));
  expect(examples(page('snmp.zh.md'))).toEqual(declared);
  const meters = declared.flatMap((yaml) => (parse(yaml) as { meters: unknown[] }).meters);
  expect(meters).toHaveLength(4);
  for (const one of meters) openMeter(meter.parse(one), new Gateways());
});

test('the pages have the same sections and rows', () => {
  const shape = (text: string) =>
    text
      .split('\n')
      .filter((line) => /^(#|\||- |\d\.)/.test(line))
      .map((line) => /^(#+|\||- |\d\.)/.exec(line)?.[0]);
  expect(shape(page('snmp.zh.md'))).toEqual(shape(page('snmp.md')));
});
