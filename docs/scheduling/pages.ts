import { readFileSync } from 'node:fs';
import { declaredStacks, type DeclaredStack } from '../../infra/declared.ts';
import { loadPlan } from '../../model/load.ts';
import type { Plan } from '../../model/plan.ts';
import { languages, type Language } from '../../model/text.ts';
import { withEstate } from '../deploy/with-estate.ts';
import { picture } from './picture.ts';
import { fieldTable, objectTable, reasonTable, roundingTable, walkTable, weightTable } from './tables.ts';
import { walk } from './walk.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The demonstration, and the province of the chapter as it is deployed. */
interface Facts {
  readonly demonstration: Plan;
  readonly province: Plan;
  readonly declared: readonly DeclaredStack[];
}

/** The one list of what the chapter holds that nobody writes by hand, by the name between its markers. */
const parts: Readonly<Record<string, (facts: Facts, language: Language) => string>> = {
  walk: ({ declared }, language) => walkTable(walk(declared, 'nc-a'), language),
  'rounding-province': ({ province }, language) => roundingTable(province, language),
  'rounding-demonstration': ({ demonstration }, language) => roundingTable(demonstration, language),
  weights: ({ declared }, language) => weightTable(declared, language),
  objects: ({ declared }, language) => objectTable(declared, language),
  fields: (_, language) => fieldTable(language),
  reasons: (_, language) => reasonTable(language),
};

/** The chapter with each part anew. Throws where a part has no place in it, or a place no part. */
function filled(text: string, facts: Facts, language: Language): string {
  const left = new Set(Object.keys(parts));
  const whole = text.replace(
    /(<!-- made: ([\w-]+) -->\n).*?(<!-- end -->)/gs,
    (_, start: string, name: string, end: string) => {
      const part = parts[name];
      if (!part || !left.delete(name)) throw new Error(`docs/scheduling: no part ${name}, or twice`);
      return `${start}\n${part(facts, language)}\n\n${end}`;
    },
  );
  if (left.size > 0) throw new Error(`docs/scheduling: no place for ${[...left].join(', ')}`);
  return whole;
}

const FILES = { zh: 'docs/scheduling/README.zh.md', en: 'docs/scheduling/README.md' } as const;

/** The chapter of scheduling and its picture in each language: path from the repository's root -> text. */
export const schedulingPages = (): ReadonlyMap<string, string> =>
  withEstate(read('docs/scheduling/estate.yaml'), (dir) => {
    const declared = declaredStacks(dir);
    const facts: Facts = {
      declared,
      province: loadPlan(dir),
      demonstration: withEstate(read('plan/estate.yaml'), loadPlan),
    };
    const manager = declared.find(({ cluster }) => cluster.role === 'manager');
    if (!manager) throw new Error('the example province has no manager');
    return new Map(
      languages.flatMap((language): [string, string][] => [
        [FILES[language], filled(read(FILES[language]), facts, language)],
        [`docs/scheduling/cohorts.${language}.svg`, picture(manager.view, language)],
      ]),
    );
  });
