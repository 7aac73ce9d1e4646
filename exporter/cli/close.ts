import { userInfo } from 'node:os';
import { Argument, Command } from 'commander';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { closeMonth } from '../account/audit/closing.ts';
import { monthSpan } from '../account/audit/closing-month.ts';
import { openBesideWriter, readLedger, storePath } from '../account/ledger/open-ledger.ts';
import type { ClosedMonth } from '../account/past/past-closed.ts';
import { version } from '../version.ts';
import { planOption, option, readPlan, storeOption } from './plan-option.ts';
import { Exit, exits } from './say.ts';

export function monthFlag(text: string): ClosedMonth {
  const month = monthSpan(text);
  if (month) return month;
  throw new Exit(exits.runtime, {
    zh: `"${text}" 不是月份：请写成如 2026-10`,
    en: `"${text}" is no month: write one like 2026-10`,
  });
}

/** A text that has to say something. */
export function reasonFlag(flag: string, text: string): string {
  if (text.trim() !== '') return text.trim();
  throw new Exit(exits.runtime, { zh: `${flag} 不能为空：请写明原因`, en: `${flag} is empty: say why` });
}

interface Flags {
  readonly plan: string;
  readonly store: string;
  readonly who: string;
  readonly acceptGaps?: string;
}

export const close = new Command('close')
  .description('close a month: its figures change only by adjusting entries / 月度结账')
  .addArgument(new Argument('<month>', 'YYYY-MM, Asia/Shanghai'))
  .addOption(planOption())
  .addOption(storeOption())
  .addOption(option('--who <name>', 'who closes it / 结账人', userInfo().username))
  .addOption(option('--accept-gaps <reason>', 'close although meters have no hours up to its end / 带缺口结账'))
  .action((text: string, flags: Flags) => {
    const month = monthFlag(text);
    const acceptedGaps = flags.acceptGaps === undefined ? null : reasonFlag('--accept-gaps', flags.acceptGaps);
    const plan = readPlan(flags.plan);
    const path = storePath(flags.store);
    // Says that there is no ledger, where the next line would make one.
    readLedger(path).close();
    const { database, close: end } = openBesideWriter(path);
    try {
      const { hash, previous } = closeMonth(database, month, {
        at: Date.now(),
        who: reasonFlag('--who', flags.who),
        program: version,
        declaration: plan.hash,
        acceptedGaps,
      });
      const said = {
        zh: `${month.month} 月已结账：${hash}（${previous === '' ? '链的第一个月' : `前一哈希 ${previous.slice(0, 12)}…`}）`,
        en: `the month ${month.month} is closed: ${hash} (${previous === '' ? 'first of the chain' : `after ${previous.slice(0, 12)}…`})`,
      };
      console.log(said[terminalLanguage()]);
      const advice = {
        zh: '请把此哈希另行记下：能改写整个账本的人，也能改写最近一次结账',
        en: 'write this hash down elsewhere: whoever can rewrite the whole ledger can rewrite its newest closing too',
      };
      console.log(advice[terminalLanguage()]);
    } finally {
      end();
    }
  });
