import { Option } from 'commander';
import { formatFinding } from '../../model/finding.ts';
import { loadPlan } from '../../model/load.ts';
import { PlanError } from '../../model/plan-error.ts';
import type { Plan } from '../../model/plan.ts';
import { Exit, exits } from './say.ts';

/** Every flag has an environment name, GREENFLOPS_<FLAG>. */
export const option = (flags: string, description: string, standard?: string): Option => {
  const made = new Option(flags, description);
  const name = made.long?.slice(2).replace(/[.-]/g, '_').toUpperCase() ?? '';
  made.env(`GREENFLOPS_${name}`);
  return standard === undefined ? made : made.default(standard);
};

export const planOption = (): Option => option('--plan <dir>', 'folder of the declaration / 声明所在的文件夹', 'plan');
export const storeOption = (): Option =>
  option('--store <url>', 'ledger, sqlite:PATH / 账本', 'sqlite:var/greenflops/ledger.db');

/** Reads the declaration; a broken one ends the command with all its findings. */
export function readPlan(dir: string): Plan {
  try {
    return loadPlan(dir);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const list = (language: 'zh' | 'en') => error.findings.map((found) => formatFinding(found, language)).join('\n');
    throw new Exit(exits.declaration, {
      zh: `${list('zh')}\n声明 ${dir} 有 ${error.findings.length} 处错误，未启动任何东西`,
      en: `${list('en')}\nthe declaration in ${dir} has ${error.findings.length} fault(s); nothing was started`,
    });
  }
}
