import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Argument, Command } from 'commander';
import { HourBook } from '../account/hour-book.ts';
import { hoursIn, importPast } from '../account/import-past.ts';
import { HOUR_MS } from '../account/meter-account.ts';
import { exists } from '../account/ledger-file.ts';
import { openBesideWriter, readLedger, storePath } from '../account/open-ledger.ts';
import { checkPast, millijoulesOf, type MeterPast } from '../account/past-check.ts';
import { readHourlyCsv, type LineFault } from '../read/hourly-csv.ts';
import { SCHEMA_VERSION } from '../account/schema.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { planOption, option, readPlan, storeOption } from './plan-option.ts';
import { Progress } from './progress.ts';
import { Exit, exits } from './say.ts';

/** More faults than this are counted, not listed. */
const MOST_FAULTS = 50;

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Exit(exits.runtime, {
      zh: `读不到文件 ${file}：${why}。未导入任何内容`,
      en: `the file ${file} cannot be read: ${why}. Nothing was imported`,
    });
  }
}

/** Ends the command with every fault by line: all or nothing. */
function refuse(faults: readonly LineFault[]): never {
  const sorted = faults.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  const rest = sorted.length - MOST_FAULTS;
  const list = (language: 'zh' | 'en') =>
    sorted.slice(0, MOST_FAULTS).map(({ file, line, text }) => `${file}:${line}: ${text[language]}`);
  throw new Exit(exits.findings, {
    zh: [...list('zh'), ...(rest > 0 ? [`……另有 ${rest} 行`] : []), `${sorted.length} 行有误，未导入任何内容`].join(
      '\n',
    ),
    en: [
      ...list('en'),
      ...(rest > 0 ? [`… and ${rest} more`] : []),
      `${sorted.length} line(s) are wrong, nothing was imported`,
    ].join('\n'),
  });
}

const utc = (at = 0): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** One line a meter: what would be, or was, imported. */
function summary(past: MeterPast, width: number, book: HourBook | null): string {
  const { meter, rows } = past;
  const [first, last] = [rows[0], rows.at(-1)];
  const kwh = Number(rows.reduce((sum, row) => sum + millijoulesOf(row), 0n) / 3_600_000n) / 1000;
  const missing = hoursIn(past) - rows.length;
  const words = {
    zh: { hours: '小时', missing: `，缺 ${missing} 小时`, goesOn: '，实时读数将接续寄存器' },
    en: { hours: 'hours', missing: `, ${missing} hours missing`, goesOn: ', live readings go on from the register' },
  }[terminalLanguage()];
  return [
    `${meter.id.padEnd(width)}  ${utc(first?.hour)} – ${utc((last?.hour ?? 0) + HOUR_MS)} UTC  `,
    `${rows.length} ${words.hours}  ${kwh.toFixed(3)} kWh`,
    missing > 0 ? words.missing : '',
    last?.register && !book?.isLive(meter.id) ? words.goesOn : '',
  ].join('');
}

export const importCommand = new Command('import')
  .description('bring hourly energy of the past into the ledger / 导入过去的小时电量')
  .addArgument(new Argument('<files...>', 'CSV: meter,hour,energy_kwh[,register] / CSV 文件'))
  .addOption(planOption())
  .addOption(storeOption())
  .addOption(option('--dry-run', 'check and show, write nothing / 只检查，不写入'))
  .addHelpText(
    'after',
    `
Each line is one full hour of one meter / 每行是一块表的一个整点小时:
  meter,hour,energy_kwh,register
  nc-gate,2026-01-31T08:00:00+08:00,412.337,90817264
hour is the start with its zone; register (optional) is the raw level at the hour's end, as 'greenflops probe' shows it:
live readings then go on from it. All lines are imported, or none. / hour 为带时区的开始时刻；register（可省略）为该小时末的
寄存器原始值（见 greenflops probe），实时读数由此接续。要么全部导入，要么一行也不导入。`,
  )
  .action((files: readonly string[], flags: { plan: string; store: string; dryRun?: boolean }) => {
    const plan = readPlan(flags.plan);
    const path = storePath(flags.store);
    const now = Date.now();
    const contents = files.map((file) => ({ file, bytes: read(file) }));
    const parsed = contents.map(({ file, bytes }) => readHourlyCsv(file, bytes));
    const rows = parsed.flatMap((one) => one.rows);
    const broken = parsed.flatMap(({ faults }) => faults);
    const isNew = !exists(path);
    const ledger = flags.dryRun
      ? !isNew
        ? { database: readLedger(path, SCHEMA_VERSION), close: undefined }
        : null
      : openBesideWriter(path);
    try {
      const book = ledger && new HourBook(ledger.database);
      const { pasts, faults } = checkPast(rows, plan.estate.meters, book, now);
      if (broken.length + faults.length > 0) refuse([...broken, ...faults]);
      const width = Math.max(...pasts.map(({ meter }) => meter.id.length));
      for (const past of pasts) console.log(summary(past, width, book));
      if (flags.dryRun || ledger === null) {
        console.log({ zh: '试运行：未写入任何内容', en: 'dry run: nothing was written' }[terminalLanguage()]);
        return;
      }
      const total = pasts.reduce((sum, past) => sum + hoursIn(past), 0);
      const bar = new Progress(total, { zh: '小时', en: 'hours' }[terminalLanguage()]);
      importPast(ledger.database, pasts, {
        plan: plan.hash,
        files: contents.map(({ file, bytes }) => ({
          name: basename(file),
          sha256: createHash('sha256').update(bytes).digest('hex'),
        })),
        now,
        progress: (written) => bar.show(written),
      });
      const said = {
        zh: `已导入 ${rows.length} 个小时（${pasts.length} 块表）到${isNew ? '新建的账本' : ''} ${flags.store}`,
        en: `imported ${rows.length} hours (meters: ${pasts.length}) into ${isNew ? 'the new ledger ' : ''}${flags.store}`,
      };
      console.log(said[terminalLanguage()]);
    } finally {
      if (ledger?.close) ledger.close();
      else ledger?.database.close();
    }
  });
