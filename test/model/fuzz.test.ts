import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatFinding } from '../../model/finding.ts';
import { declaration, findingsIn, withFiles } from './declaration.ts';

interface Mutation {
  readonly file: string;
  /** which of the file's nodes, modulo their number */
  readonly node: number;
  /** undefined removes the node */
  readonly value: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  file: fc.constantFrom(...Object.keys(declaration)),
  node: fc.nat(),
  value: fc.oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      true,
      '',
      'unverified',
      '号',
      '__proto__',
      0,
      -1,
      1.5,
      1e300,
      NaN,
      [],
      {},
    ),
    fc.constantFrom<unknown>([[]], [null], { id: 'x' }, { __proto__: null, toString: 1 }, 'gate', 2 ** 60),
    fc.string(),
  ),
});

/** Every place of a value where a node hangs. */
function slots(holder: unknown): { holder: object; key: string }[] {
  if (typeof holder !== 'object' || holder === null) return [];
  return Object.entries(holder).flatMap(([key, child]) => [{ holder, key }].concat(slots(child)));
}

function mutate(text: string, { node, value }: Mutation): string {
  const root: unknown = parse(text);
  const all = slots(root);
  const slot = all[node % all.length];
  if (!slot) return text;
  if (value !== undefined) Reflect.set(slot.holder, slot.key, value);
  else if (Array.isArray(slot.holder)) slot.holder.splice(Number(slot.key), 1);
  else Reflect.deleteProperty(slot.holder, slot.key);
  return stringify(root);
}

/** Only PlanError comes out of a broken declaration, and each finding can be said and stands somewhere. */
function tellable(files: Readonly<Record<string, string>>): void {
  for (const found of withFiles(files, findingsIn)) {
    expect(found.line).toBeGreaterThan(0);
    expect(found.column).toBeGreaterThan(0);
    for (const language of ['zh', 'en'] as const)
      expect(formatFinding(found, language)).not.toMatch(/undefined|\{\w+\}/);
  }
}

test('any nodes changed or removed', () => {
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
      const files = { ...declaration };
      for (const one of mutations) files[one.file] = mutate(files[one.file] ?? '', one);
      tellable(files);
    }),
    { seed: 20_301_231, numRuns: 200 },
  );
});

test('any characters changed or removed', () => {
  const edit = fc.record({
    file: fc.constantFrom(...Object.keys(declaration)),
    at: fc.nat(),
    cut: fc.nat({ max: 3 }),
    put: fc.oneof(
      fc.constantFrom('\t', '*', '&wide', '- ', ': ', '{', ']', '"', '\n', '#', '!!', '\u0000', '%'),
      fc.string(),
    ),
  });
  fc.assert(
    fc.property(edit, ({ file, at, cut, put }) => {
      const text = declaration[file] ?? '';
      const offset = at % text.length;
      tellable({ ...declaration, [file]: text.slice(0, offset) + put + text.slice(offset + cut) });
    }),
    { seed: 20_351_231, numRuns: 200 },
  );
});
