import { globSync, readFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const folder = resolve('twin') + sep;

const sources = globSync('twin/**/*.{ts,js,mjs,cjs}').map((file) => ({ file, text: readFileSync(file, 'utf8') }));

test('the twin imports nothing of the house: only node:, yaml, jsmodbus and itself', () => {
  expect(sources.length).toBeGreaterThan(20);
  const foreign = sources.flatMap(({ file, text }) =>
    [...text.matchAll(/\bfrom\s+'([^']+)'|\bimport\s+'([^']+)'/g)].flatMap(([, from, bare = '']) => {
      const specifier = from ?? bare;
      const inside = specifier.startsWith('.') && resolve(dirname(file), specifier).startsWith(folder);
      return inside || /^(node:[a-z/]+|yaml|jsmodbus)$/.test(specifier) ? [] : [`${file} imports ${specifier}`];
    }),
  );
  expect(foreign).toEqual([]);
  const hidden = sources.filter(({ text }) => /\bimport\s*\(|\brequire\s*\(|createRequire/.test(text));
  expect(hidden.map(({ file }) => file)).toEqual([]);
});

test('the twin takes no register map, telemetry row or catalogue from the plan', () => {
  const taking = sources.filter(({ text }) =>
    /'registers'|telemetry\.yaml|accelerators\.yaml|scale_to|'order'|'modulus'/.test(
      text.replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, ''),
    ),
  );
  expect(taking.map(({ file }) => file)).toEqual([]);
});
