import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { loadPlan } from '../../model/load.ts';
import { messages } from '../../model/messages.ts';
import { cases } from './broken-declarations.ts';
import { broken, declaration, findingsIn, show, withFiles } from './declaration.ts';

const hash = (files: Record<string, string>): string => withFiles(files, (dir) => loadPlan(dir).hash);

test('the declaration of these tests is without a fault', () => {
  expect(withFiles(declaration, findingsIn)).toEqual([]);
});

test.each(cases)('%s', (_, edits) => {
  const { files, expected } = broken(edits);
  expect(withFiles(files, findingsIn).map(show)).toEqual(expected);
});

test('every message is reached by a case above', () => {
  const marked = new Set(
    cases.flatMap(([, edits]) => edits.flatMap(([, , to]) => [...to.matchAll(/⟦(\w+)⟧/g)].map((mark) => mark[1]))),
  );
  const elsewhere = /^(no_directory|missing_file|unreadable|not_utf8|byte_order_mark|too_large)$/;
  // `invalid` shows what zod says where the table has no words for it; no schema of the declaration gets there today.
  const unreached = Object.keys(messages).filter((code) => !marked.has(code) && !elsewhere.test(code));
  expect(unreached).toEqual(['invalid']);
});

test('files are named relative to the working directory', () => {
  withFiles({ ...declaration, 'factors.yaml': null }, (dir) => {
    expect(() => loadPlan(dir)).toThrow(`${relative('', join(dir, 'factors.yaml'))}:1:1: this file is missing`);
  });
});

test('the hash follows every byte of every file, and nothing else', () => {
  const first = hash(declaration);
  expect(hash(declaration)).toBe(first);
  for (const [name, text] of Object.entries(declaration))
    expect(hash({ ...declaration, [name]: `${text}#` })).not.toBe(first);
});
