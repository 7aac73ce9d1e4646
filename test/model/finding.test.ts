import { expect, test } from 'vitest';
import { formatFinding } from '../../model/finding.ts';
import { messages } from '../../model/messages.ts';
import { broken, findingsIn, withFiles } from './declaration.ts';

const places = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].toSorted();

test('both languages of a message have the same places', () => {
  for (const { zh, en } of Object.values(messages)) expect(places(zh)).toEqual(places(en));
});

test('a finding reads as a line that editors can jump to, in both languages', () => {
  const { files } = broken([
    ['estate.yaml', 'accelerator: chip-one', 'accelerator: chip'],
    ['estate.yaml', 'role: cooling', 'role: coling'],
    ['estate.yaml', 'rated_kw: 900', 'rated_kv: 900'],
    ['estate.yaml', 'scale_to_wh: 100, modulus: 65536', 'scale_to_wh: 1, modulus: 65536'],
    ['profiles.yaml', 'pue: 1.25', 'pue: 0.9'],
  ]);
  const told = withFiles(files, findingsIn);
  expect(told.map((found) => formatFinding(found, 'en'))).toEqual([
    'estate.yaml:8:5: meters[0].rated_kw: every meter has rated_kw; a water meter (role: water), and no other, has rated_l_per_h and registers.volume in its place',
    'estate.yaml:11:5: meters[0].rated_kv: unknown key; known: id, name, site, role, direction, carrier, category, parent, hall, rated_kw, rated_l_per_h, serial, … (21); did you mean "rated_kw"?',
    'estate.yaml:31:11: meters[2].role "coling": expected one of: facility | it | cooling | ups | lighting | other | reuse | water; did you mean "cooling"?',
    'estate.yaml:58:18: pools[0].accelerator "chip": unknown id; known: chip-one, chip-two; did you mean "chip-one"?',
    'profiles.yaml:9:10: profiles[0].pue 0.9: must be >= 1',
  ]);
  expect(told.map((found) => formatFinding(found, 'zh')).slice(2)).toEqual([
    'estate.yaml:31:11: meters[2].role "coling": 应为其中之一：facility | it | cooling | ups | lighting | other | reuse | water；是不是 "cooling"？',
    'estate.yaml:58:18: pools[0].accelerator "chip": 没有这个编号；已有：chip-one, chip-two；是不是 "chip-one"？',
    'profiles.yaml:9:10: profiles[0].pue 0.9: 应 >= 1',
  ]);
});
