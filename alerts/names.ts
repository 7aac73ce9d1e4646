import { meterInfo, poolInfo, siteInfo, targetInfo } from '../model/metrics/info.ts';
import type { Side } from '../model/tree.ts';
import type { Language, Text } from '../model/text.ts';

/** The info metric of a subject, and the labels of an alert that pick its series. */
const subjects = {
  site: { info: siteInfo, by: ['site'] },
  meter: { info: meterInfo, by: ['site', 'meter'] },
  pool: { info: poolInfo, by: ['site', 'pool'] },
  target: { info: targetInfo, by: ['target'] },
} as const;
type Subject = keyof typeof subjects;

const id = (label: string): string => `{{ $labels.${label} }}`;

/** A template with what an info series says in `label`; looks back a day, as the exporter may be what is gone. */
function told(subject: Subject, label: string, text: (value: string) => string, otherwise = ''): string {
  const { info, by } = subjects[subject];
  const matchers = [...by.map((one) => `${one}=%q`), `${label}!=''`].join(',');
  const query = `query (printf "last_over_time(${info.name}{${matchers}}[1d])" ${by.map((one) => `$labels.${one}`).join(' ')})`;
  return `{{ with ${query} }}${text(`{{ . | first | label "${label}" }}`)}{{ else }}${otherwise}{{ end }}`;
}

/** The subject's name with its id in parentheses, else the id alone. Chinese: without spaces around it. */
export const named = (subject: Subject): Text => ({
  zh: told(subject, 'name_zh', (name) => `“${name}”（${id(subject)}）`, ` ${id(subject)} `),
  en: told(subject, 'name_en', (name) => `${name} (${id(subject)})`, id(subject)),
});

/** The unit of the alert's target after a space, nothing where no info series has it. */
export const targetUnit = told('target', 'target_unit', (unit) => ` ${unit}`);

const sides: Readonly<Record<Side, Text>> = {
  facility: { zh: '设施侧', en: 'facility side' },
  it: { zh: 'IT 侧', en: 'IT side' },
  none: { zh: '不计入 PUE ', en: 'not counted in the PUE' },
};

/** The side of the alert's meter in words, a side that has none as it is. */
export function sideWord(language: Language): string {
  const branches = Object.entries(sides).map(([side, text]) => `if eq $labels.side "${side}" }}${text[language]}`);
  return `{{ ${branches.join('{{ else ')}{{ else }}${id('side')}{{ end }}`;
}
