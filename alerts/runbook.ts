import { readFileSync } from 'node:fs';
import type { Language, Text } from '../model/text.ts';
import type { Alert, Condition } from './alert.ts';
import { dashboardLink, panels, runbookPath } from './links.ts';

const begin = '<!-- generated: the rule -->';
const end = '<!-- end of the generated part -->';

const words = {
  severity: { zh: '级别', en: 'Severity' },
  critical: { zh: 'critical，立即叫人', en: 'critical, wakes somebody' },
  warning: { zh: 'warning，工作时间处理', en: 'warning, for working hours' },
  info: { zh: 'info，仅供记录', en: 'info, for the record' },
  means: { zh: '含义', en: 'Says' },
  waits: { zh: '条件持续多久才告警', en: 'Fires after' },
  itself: { zh: '已含在表达式中', en: 'the expression itself asks for evidence that lasts' },
  keeps: { zh: '条件消失后保持', en: 'Kept after the end' },
  panel: { zh: '看板', en: 'Panel' },
  rule: { zh: '规则', en: 'Rule' },
  colon: { zh: '：', en: ': ' },
  semicolon: { zh: '；', en: '; ' },
} as const satisfies Record<string, Text>;

const condition = ({ expr, for: waits, keepFiringFor }: Condition, say: (key: keyof typeof words) => string): string =>
  `${say('rule')}${say('colon')}${say('waits')} ${waits ?? say('itself')}${say('semicolon')}${say('keeps')} ${keepFiringFor}\n\n\`\`\`promql\n${expr}\n\`\`\``;

/** The runbook as it stands in the repository, its generated part made anew. Throws where the part has no place in it. */
export function runbook(alert: Alert, language: Language): string {
  const path = runbookPath(alert.name, language);
  const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${path}: the lines "${begin}" and "${end}" are needed, and what is between them is generated`);
  const say = (key: keyof typeof words): string => words[key][language];
  const parts = [
    `**${alert.summary[language]}**`,
    `${say('severity')}${say('colon')}${say(alert.severity)} · ${say('panel')}${say('colon')}\`${dashboardLink(panels[alert.panel], alert.range, language)}\``,
    ...alert.conditions.map((one) => condition(one, say)),
  ];
  return `${before}${begin}\n\n${parts.join('\n\n')}\n\n${end}${after}`;
}
