import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { deployPages } from '../../docs/deploy/pages.ts';
import { declaredStacks } from '../../infra/declared.ts';
import { formatFinding } from '../../model/finding.ts';
import { PlanError } from '../../model/plan-error.ts';
import { planFolder } from '../plan-folder.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const guides = { en: read('docs/deploy/README.md'), zh: read('docs/deploy/README.zh.md') };

/** The blocks of a kind, in their order. */
const blocks = (text: string, kind: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\``, 'gms'))].map(([, body = '']) => body);
const headings = (text: string): string[] => [...text.matchAll(/^(#+) /gm)].map(([, marks = '']) => marks);

type Part = Readonly<Record<string, unknown>>;
interface Named {
  readonly id: string;
  readonly moved_from?: string;
}

/** The shipped estate with a snippet in it: entries of lists by their ids, or by the id that they were moved from. */
function withSnippet(snippet: string): string {
  const estate = parse(read('plan/estate.yaml')) as Record<string, unknown>;
  for (const [key, part] of Object.entries(parse(snippet) as Part)) {
    const before = estate[key];
    if (Array.isArray(before) && Array.isArray(part)) {
      const entries = new Map((before as Named[]).map((one) => [one.id, one]));
      for (const one of part as Named[]) {
        if (one.moved_from !== undefined) entries.delete(one.moved_from);
        entries.set(one.id, one);
      }
      estate[key] = [...entries.values()];
    } else estate[key] = part;
  }
  return stringify(estate);
}

function complaints(estate: string): string[] {
  const { dir, remove } = planFolder(estate);
  try {
    declaredStacks(dir);
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.findings.map((found) => formatFinding(found, 'en'));
  } finally {
    remove();
  }
}

describe('the deployment guide', () => {
  test('has the same commands, snippets and headings in both languages', () => {
    for (const kind of ['sh', 'yaml']) {
      expect(blocks(guides.en, kind).length).toBeGreaterThan(9);
      expect(blocks(guides.zh, kind)).toEqual(blocks(guides.en, kind));
    }
    expect(headings(guides.zh)).toEqual(headings(guides.en));
    for (const text of Object.values(guides)) expect(text.match(/```/g)?.length).toBe(2 * blocks(text, '\\w+').length);
  });

  test.each(blocks(guides.en, 'yaml').map((snippet) => [snippet.split('\n').slice(0, 2).join(' '), snippet]))(
    'a snippet in the demonstration becomes stacks: %s',
    (_, snippet) => {
      expect(complaints(withSnippet(snippet))).toEqual([]);
    },
  );

  test('every npm script that it names is there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...guides.en.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });

  test('links lead to files', () => {
    for (const text of Object.values(guides))
      for (const [, path = ''] of text.matchAll(/\]\((?!#)([^)#]+)\)/g))
        expect(read(`docs/deploy/${path}`)).not.toBe('');
  });
});

test('the reference that is committed is what the programs say (npm run build)', () => {
  for (const [path, text] of deployPages()) expect(read(path), path).toBe(text);
}, 60_000);
