import { setFlagsFromString } from 'node:v8';
import { Argument, Command } from 'commander';
import { HourBook } from '../account/ledger/hour-book.ts';
import { hoursIn, importPast } from '../account/past/import-past.ts';
import { exists } from '../account/ledger/ledger-file.ts';
import { openBesideWriter, readLedger, storePath } from '../account/ledger/open-ledger.ts';
import { checkPast } from '../account/past/past-check.ts';
import type { LineFault } from '../read/past/energy-csv.ts';
import type { EnergyRows } from '../read/past/energy-rows.ts';
import { zoneOf, type Zone } from '../read/past/energy-time.ts';
import { encodings, type Encoding } from '../read/exposition/text-lines.ts';
import { SCHEMA_VERSION } from '../account/ledger/schema.ts';
import type { Text } from '../../model/text.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { faultList } from './fault-list.ts';
import { readImportFile } from './import-file.ts';
import { importSummary } from './import-summary.ts';
import { planOption, option, readPlan, storeOption } from './plan-option.ts';
import { Progress } from './progress.ts';
import { Exit, exits } from './say.ts';

/** More faults than this are counted, not listed: a file that is wrong altogether. */
const MOST_FAULTS = 50;

const say = (text: Text): string => text[terminalLanguage()];

/** Ends the command with every fault by line: all or nothing. */
function refuse(faults: readonly LineFault[]): never {
  throw new Exit(exits.findings, {
    zh: [
      ...faultList(faults, 'zh', MOST_FAULTS),
      `${faults.length} 行有误，未导入任何内容（--skip-bad 可跳过有误的行）`,
    ].join('\n'),
    en: [
      ...faultList(faults, 'en', MOST_FAULTS),
      `${faults.length} line(s) are wrong, nothing was imported (--skip-bad leaves such lines out)`,
    ].join('\n'),
  });
}

/** Names every line that is left out; where nothing is left in, that ends the command. */
function warnSkipped(faults: readonly LineFault[], nothingLeft: boolean): void {
  for (const fault of faultList(faults, terminalLanguage())) console.error(fault);
  if (nothingLeft)
    throw new Exit(exits.findings, {
      zh: `没有一行可用（跳过 ${faults.length} 行），未导入任何内容`,
      en: `no line is good (${faults.length} skipped), nothing was imported`,
    });
  console.error(say({ zh: `警告：跳过 ${faults.length} 行`, en: `warning: ${faults.length} line(s) were skipped` }));
}

function zoneFlag(text: string): Zone {
  const zone = zoneOf(text);
  if (zone) return zone;
  throw new Exit(exits.runtime, {
    zh: `--zone "${text}" 无法识别：请写成 Asia/Shanghai、UTC 或如 +08:00`,
    en: `--zone "${text}" is not understood: write Asia/Shanghai, UTC or one like +08:00`,
  });
}

function encodingFlag(text: string | undefined): Encoding | null {
  if (text === undefined) return null;
  const name = text.toLowerCase().replace(/^(gbk|gb2312)$/, 'gb18030');
  const known = encodings.find((one) => one === name);
  if (known) return known;
  throw new Exit(exits.runtime, {
    zh: `--encoding "${text}" 无法识别：请写成 ${encodings.join('、')} 或 gbk`,
    en: `--encoding "${text}" is not understood: write one of ${encodings.join(', ')}, gbk`,
  });
}

type Opened = ReturnType<typeof openBesideWriter>;

function openToRead(path: string): Opened {
  const database = readLedger(path, SCHEMA_VERSION);
  return { database, close: () => database.close() };
}

interface Flags {
  readonly plan: string;
  readonly store: string;
  readonly zone: string;
  readonly encoding?: string;
  readonly skipBad?: boolean;
  readonly dryRun?: boolean;
}

/** The lock of an import is held from the check to the end; a ledger is made only when there is something to write. */
function runImport(files: readonly string[], flags: Flags): void {
  // V8 would let garbage grow to several times of what is alive: 170 instead of 230 to 450 MB for 438,000 lines.
  setFlagsFromString('--optimize-for-size');
  const plan = readPlan(flags.plan);
  const path = storePath(flags.store);
  const zone = zoneFlag(flags.zone);
  const encoding = encodingFlag(flags.encoding);
  const now = Date.now();
  const rows = new Map<string, EnergyRows>();
  const read = files.map((file) => readImportFile(file, encoding, zone, rows));
  for (const { said } of read) console.log(say(said));
  const isNew = !exists(path);
  let ledger: Opened | null = null;
  try {
    ledger = isNew ? null : flags.dryRun ? openToRead(path) : openBesideWriter(path);
    const { pasts, faults } = checkPast(rows, plan.estate.meters, { database: ledger?.database ?? null, now, zone });
    const bad = [...read.flatMap((one) => one.faults), ...faults];
    if (bad.length > 0 && !flags.skipBad) refuse(bad);
    if (bad.length > 0) warnSkipped(bad, pasts.length === 0);
    const width = Math.max(...pasts.map(({ meter }) => meter.id.length));
    const book = ledger && new HourBook(ledger.database);
    for (const past of pasts) console.log(importSummary(past, width, zone, book));
    if (flags.dryRun) {
      console.log(say({ zh: '试运行：未写入任何内容', en: 'dry run: nothing was written' }));
      return;
    }
    ledger ??= openBesideWriter(path);
    const total = pasts.reduce((sum, past) => sum + hoursIn(past), 0);
    const bar = new Progress(total, say({ zh: '小时', en: 'hours' }));
    importPast(ledger.database, pasts, {
      plan: plan.hash,
      files: read.map(({ past }) => past),
      now,
      skipped: bad.length,
      progress: (written) => bar.show(written),
    });
    const lines = pasts.reduce((sum, past) => sum + past.rows.length, 0);
    console.log(
      say({
        zh: `已导入 ${lines} 行（${pasts.length} 块表）到${isNew ? '新建的账本' : ''} ${flags.store}`,
        en: `imported ${lines} lines (meters: ${pasts.length}) into ${isNew ? 'the new ledger ' : ''}${flags.store}`,
      }),
    );
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SQLITE_ERROR') throw error;
    throw new Exit(exits.runtime, {
      zh: `账本 ${flags.store} 拒绝写入（${error.message}）：未导入任何内容。请检查磁盘空间与权限`,
      en: `the ledger ${flags.store} refused to be written (${error.message}): nothing was imported. Check disk space and permissions`,
    });
  } finally {
    ledger?.close();
  }
}

export const importCommand = new Command('import')
  .description('bring energy of the past into the ledger / 导入过去的电量')
  .addArgument(new Argument('<files...>', 'CSV: hourly, daily, monthly or bills / CSV 文件：小时、日、月或账单'))
  .addOption(planOption())
  .addOption(storeOption())
  .addOption(option('--zone <zone>', 'zone of times that state none / 未写时区的时间所用时区', 'Asia/Shanghai'))
  .addOption(option('--encoding <name>', 'of the files, where the guess is wrong / 文件编码（默认自动识别）'))
  .addOption(option('--skip-bad', 'import the good lines, name the others / 跳过有误的行，其余照常导入'))
  .addOption(option('--dry-run', 'check and show, write nothing / 只检查，不写入'))
  .addHelpText(
    'after',
    `
The header says what a line is / 表头决定每行是什么:
  meter,hour,energy_kwh,register      2026-01-31 08:00        the hour's start / 小时的开始
  meter,date,energy_kwh,register      2026-01-31              a day / 一天
  meter,month,energy_kwh              2026-01                 a month / 一个月
  meter,from,to,energy_kwh,reference  2026-01-05,2026-02-04   a bill; the last day is included / 账单，含末日
Units: energy_kwh, energy_mwh, energy_wh, energy_j, energy_gj, or a column "unit". Chinese headers are read too:
表号,小时,电量(kWh) · 表号,日期,电量(度) · 表号,月份,电量(MWh) · 表号,起始,结束,电量(千瓦时),单位
register (optional) is the raw level at the span's end, as 'greenflops probe' shows it: live readings then go on from it.
A day, a month or a bill counts only for windows that hold the whole of it. All lines are imported, or none, unless
--skip-bad is given. / register（可省略）为该时段末的寄存器原始值（见 greenflops probe），实时读数由此接续。日、月、账单的电量
只计入完整包含该时段的窗口。未加 --skip-bad 时，要么全部导入，要么一行也不导入。`,
  )
  .action(runImport);
