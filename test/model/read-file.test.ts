import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { declaration, findingsIn, show, withFiles } from './declaration.ts';

const without = (name: string): Record<string, string | Buffer | null> => ({ ...declaration, [name]: null });

test('files that cannot be read', () => {
  const read = (files: Record<string, string | Buffer | null>): string[] => withFiles(files, findingsIn).map(show);
  expect(read(without('factors.yaml'))).toEqual(['factors.yaml:1:1 missing_file']);
  expect(read({ ...declaration, 'factors.yaml': Buffer.from('schema: greenflops/v1 # \xff', 'latin1') })).toEqual([
    'factors.yaml:1:1 not_utf8',
  ]);
  expect(read({ ...declaration, 'factors.yaml': `\ufeff${declaration['factors.yaml']}` })).toEqual([
    'factors.yaml:1:1 byte_order_mark',
  ]);
  expect(read({ ...declaration, 'factors.yaml': '['.repeat(5000) })).toEqual([
    expect.stringMatching(/^factors\.yaml:1:\d+ yaml$/),
  ]);
});

test('a directory in place of a file, and a file in place of the directory', () => {
  withFiles(without('factors.yaml'), (dir) => {
    mkdirSync(join(dir, 'factors.yaml'));
    expect(findingsIn(dir).map(show)).toEqual(['factors.yaml:1:1 unreadable']);
    expect(findingsIn(join(dir, 'estate.yaml')).map(show)).toEqual(['estate.yaml:1:1 no_directory']);
  });
});

test('a misspelt file name is offered for a missing file', () => {
  withFiles({ ...without('factors.yaml'), 'factor.yaml': 'x' }, (dir) => {
    expect(findingsIn(dir)[0]?.suggestion).toBe('factor.yaml');
  });
});

test('aliases that multiply are refused, aliases that are many are not', () => {
  const [head, tail] = ['schema: greenflops/v1\n', 'grid_factors: []\n'];
  const doubling = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('');
  const files = { ...declaration, 'factors.yaml': `${head}a0: &a0 [x]\n${doubling}${tail}` };
  expect(withFiles(files, findingsIn).map(show)).toEqual(['factors.yaml:1:1 too_large']);

  const meters = Array.from({ length: 300 }, (_, i) =>
    [
      `  - id: pdu-${i}`,
      '    site: north',
      '    role: it',
      '    parent: ups',
      '    rated_kw: 5',
      '    source: { protocol: modbus-tcp, address: "h:1" }',
      '    registers: *wide\n',
    ].join('\n'),
  );
  const estate = declaration['estate.yaml']?.replace('clusters:\n', () => `${meters.join('')}clusters:\n`) ?? '';
  expect(withFiles({ ...declaration, 'estate.yaml': estate }, findingsIn)).toEqual([]);
});
