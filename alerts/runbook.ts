import { readFileSync } from 'node:fs';
import type { Language, Text } from '../model/text.ts';
import type { Alert, Condition } from './alert.ts';
import { commands } from './commands.ts';
import { panelLink, panels, runbookPath } from './links.ts';

const begin = '<!-- generated: the rule -->';
const end = '<!-- end of the generated part -->';

const words = {
  severity: { zh: '级别', en: 'Severity' },
  critical: { zh: 'critical，立即叫人', en: 'critical, wakes somebody' },
  warning: { zh: 'warning，工作时间处理', en: 'warning, for working hours' },
  info: { zh: 'info，仅供记录', en: 'info, for the record' },
  panel: { zh: '看板', en: 'Panel' },
  site: { zh: '（选告警中的园区）', en: ' (site: that of the alert)' },
  colon: { zh: '：', en: ': ' },
} as const satisfies Record<string, Text>;

const timing = ({ for: waits, keepFiringFor }: Condition): Text => ({
  zh: `规则：${waits === undefined ? '表达式本身要求证据持续，成立即告警' : `条件持续 ${waits} 后告警`}，条件消失后保持 ${keepFiringFor}`,
  en: `Rule: fires ${waits === undefined ? 'at once, as the expression itself asks for evidence that lasts' : `after ${waits}`}; kept ${keepFiringFor} after its end`,
});

const condition = (one: Condition, language: Language): string =>
  `${timing(one)[language]}\n\n\`\`\`promql\n${one.expr}\n\`\`\``;

/** The runbook as it stands in the repository, its generated part made anew. Throws where the part has no place in it. */
export function runbook(alert: Alert, language: Language): string {
  const path = runbookPath(alert.name, language);
  const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${path}: the lines "${begin}" and "${end}" are needed, and what is between them is generated`);
  const say = (key: keyof typeof words): string => words[key][language];
  const panel = panels[alert.panel];
  const parts = [
    `**${alert.summary[language]}**`,
    `${say('severity')}${say('colon')}${say(alert.severity)} · ${say('panel')}${say('colon')}\`${panelLink(panel, alert.range, language)}\`${panel.site ? say('site') : ''}`,
    ...alert.conditions.map((one) => condition(one, language)),
    commands(language),
  ];
  return `${before}${begin}\n\n${parts.join('\n\n')}\n\n${end}${after}`;
}
