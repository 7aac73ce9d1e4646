import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { terminalLanguage } from '../../model/terminal-language.ts';
import type { Text } from '../../model/text.ts';
import { formats, type Format } from '../account/audit/audit-file.ts';
import { writeAudit } from '../account/audit/audit.ts';
import { verifierPath } from '../account/audit/audit-verifier.ts';
import { readLedger, storePath } from '../account/ledger/open-ledger.ts';
import type { Stretch } from '../account/past/past.ts';
import { SCHEMA_VERSION } from '../account/ledger/schema.ts';
import { version } from '../version.ts';
import { monthFlag } from './close.ts';
import { planOption, option, readPlan, storeOption } from './plan-option.ts';
import { Exit, exits } from './say.ts';

const say = (text: Text): string => text[terminalLanguage()];

interface Flags {
  readonly plan: string;
  readonly store: string;
  readonly out?: string;
  readonly verify?: string;
  readonly from?: string;
  readonly to?: string;
  readonly format: Format;
}

/** Whole months, both included. */
function rangeFlag({ from, to }: Flags): Stretch {
  const range = {
    from: from === undefined ? -Infinity : monthFlag(from).from,
    to: to === undefined ? Infinity : monthFlag(to).to,
  };
  if (range.from < range.to) return range;
  throw new Exit(exits.runtime, {
    zh: `--to ${to} 早于 --from ${from}`,
    en: `--to ${to} is before --from ${from}`,
  });
}

/** Runs this program's own copy of the check: the one in the folder came with what is to be checked. */
function verify(folder: string): void {
  const { error, status } = spawnSync('python3', [verifierPath(), folder], { stdio: 'inherit' });
  if (error)
    throw new Exit(exits.runtime, {
      zh: `python3 无法启动（${error.message}）：请安装 Python 3.9 或更新版本，或在别的机器上运行 python3 verify.py .`,
      en: `python3 does not start (${error.message}): install Python 3.9 or newer, or run python3 verify.py . on another machine`,
    });
  if (status !== 0) process.exitCode = exits.findings;
}

function write(out: string, flags: Flags): void {
  const plan = readPlan(flags.plan);
  const range = rangeFlag(flags);
  const database = readLedger(storePath(flags.store), SCHEMA_VERSION);
  try {
    const files = writeAudit(database, out, { plan, program: version, format: flags.format, range });
    for (const [name, { bytes, rows }] of Object.entries(files))
      console.log(
        `${String(bytes).padStart(12)} B  ${name}  ${Object.entries(rows)
          .map(([table, count]) => `${table}=${count}`)
          .join(' ')}`,
      );
    console.log(
      say({
        zh: `审计文件已写入 ${out}；核对：greenflops export --verify ${out}，或在其中运行 python3 verify.py .`,
        en: `the audit file is in ${out}; check it: greenflops export --verify ${out}, or there python3 verify.py .`,
      }),
    );
  } finally {
    database.close();
  }
}

export const exportCommand = new Command('export')
  .description('write the audit file, or check one / 导出或核对审计文件')
  .addOption(planOption())
  .addOption(storeOption())
  .addOption(option('--out <dir>', 'a new folder for it / 输出到新文件夹'))
  .addOption(option('--from <month>', 'hours and windows from this month on / 起始月份'))
  .addOption(option('--to <month>', 'up to the end of this month / 截止月份（含）'))
  .addOption(option('--format <format>', 'csv: a file for each table; json: one file / 格式', 'csv').choices(formats))
  .addOption(option('--verify <dir>', 'recompute an audit file with Python / 用 Python 重算并核对').conflicts('out'))
  .action((flags: Flags) => {
    if (flags.verify !== undefined) verify(flags.verify);
    else if (flags.out !== undefined) write(flags.out, flags);
    else
      throw new Exit(exits.runtime, {
        zh: '请给出 --out 文件夹（导出）或 --verify 文件夹（核对）',
        en: 'give --out DIR to export or --verify DIR to check',
      });
  });
