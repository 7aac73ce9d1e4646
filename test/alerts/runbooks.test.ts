import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alerts } from '../../alerts/index.ts';
import { runbookPath } from '../../alerts/links.ts';
import { ruleGroups } from '../../alerts/rule-groups.ts';
import { boards } from '../../dashboards/boards.ts';
import { loadPlan } from '../../model/load.ts';
import { languages, type Language } from '../../model/text.ts';

const root = new URL('../../', import.meta.url);
const plan = loadPlan(new URL('plan', root).pathname);
const sections: Record<Language, readonly string[]> = {
  zh: ['含义', '影响', '诊断', '处置', '何时结束'],
  en: ['Meaning', 'Impact', 'Diagnosis', 'Mitigation', 'When it is over'],
};
const books = alerts.flatMap(({ name }) => languages.map((language) => [name, language] as const));

/** The lines below a heading of the second level. */
function section(text: string, title: string): string[] {
  const lines = text.split('\n');
  const begin = lines.indexOf(`## ${title}`);
  const length = lines.slice(begin + 1).findIndex((line) => line.startsWith('## '));
  return begin < 0 ? [] : lines.slice(begin + 1, length < 0 ? undefined : begin + 1 + length);
}

describe.each(books)('the runbook of %s (%s)', (name, language) => {
  const path = runbookPath(name, language);
  const text = readFileSync(new URL(path, root), 'utf8');

  test('has its sections, in order, each with something in it', () => {
    expect(text.split('\n')[0]).toBe(`# ${name}`);
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(sections[language]);
    for (const title of sections[language]) expect(section(text, title).join('').length, title).toBeGreaterThan(20);
  });

  test('gives a command within three lines, says what to expect, and has a table to decide by', () => {
    const lines = section(text, sections[language][2] ?? '').filter((line) => line !== '');
    expect(
      lines.slice(0, 3).some((line) => /^\s*(greenflops [a-z]|curl |[a-z_:{]*greenflops_|\{__name__)/.test(line)),
    ).toBe(true);
    expect(lines.join('\n')).toContain(language === 'zh' ? '预期' : 'Expected');
    expect(lines.filter((line) => line.startsWith('| ')).length).toBeGreaterThanOrEqual(5);
  });

  test('says whom to wake, or that nobody is', () => {
    expect(text).toMatch(language === 'zh' ? /叫醒/ : /[Ww]ake/);
  });

  test('links to files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(existsSync(new URL(link, new URL(path, root))), link).toBe(true);
  });
});

test('there is no runbook of an alert that is gone', () => {
  for (const language of languages)
    expect(readdirSync(new URL(`alerts/runbooks/${language}`, root)).sort()).toEqual(
      alerts.map(({ name }) => `${name}.md`).sort(),
    );
});

test('every link of an alert leads to a runbook and to a panel of a board', () => {
  const panels = new Map(
    [...boards(plan).values()].map((json) => {
      const { uid, panels: all } = JSON.parse(json) as { uid: string; panels: readonly { id: number }[] };
      return [uid, all.map(({ id }) => id)] as const;
    }),
  );
  for (const { alert, annotations = {} } of ruleGroups(plan).flatMap(({ rules }) => rules)) {
    if (alert === undefined) continue;
    for (const suffix of ['', '_zh']) {
      expect(existsSync(new URL(annotations[`runbook_url${suffix}`] ?? '?', root)), alert).toBe(true);
      const [, uid = '', id] = /^\/d\/([\w-]+)\?viewPanel=(\d+)&/.exec(annotations[`dashboard${suffix}`] ?? '') ?? [];
      expect(panels.get(uid), `${alert}: ${uid}`).toContain(Number(id));
    }
  }
});
