import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Argument, Command } from 'commander';
import { nearest } from '../../model/nearest.ts';
import { floor, multiply, parseDecimal, rational } from '../../model/rational.ts';
import type { Meter } from '../../model/schema/meter.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import type { Text } from '../../model/text.ts';
import {
  checkAdjustment,
  effectOf,
  writeAdjustment,
  type Adjustment,
  type Effect,
  type Evidence,
} from '../account/past/adjust.ts';
import { HourBook } from '../account/ledger/hour-book.ts';
import { storedState } from '../account/past/instruction-found.ts';
import { openBesideWriter, readLedger, storePath } from '../account/ledger/open-ledger.ts';
import { SCHEMA_VERSION } from '../account/ledger/schema.ts';
import { reasonFlag } from './close.ts';
import { planOption, option, readPlan, storeOption } from './plan-option.ts';
import { Exit, exits } from './say.ts';

const say = (text: Text): string => text[terminalLanguage()];
const MILLIJOULES_PER_KWH = rational(3_600_000_000n);

function energyFlag(text: string): bigint {
  const value = parseDecimal(text);
  if (value && value.n !== 0n) return floor(multiply(value, MILLIJOULES_PER_KWH));
  throw new Exit(exits.runtime, {
    zh: `--energy-kwh "${text}" 不是非零的数：请写成如 -12.5（负数表示减去）`,
    en: `--energy-kwh "${text}" is no number other than zero: write one like -12.5 (negative takes off)`,
  });
}

/** Unix ms; the zone has to be stated, for an entry is kept for ever. */
export function timeFlag(flag: string, text: string): number {
  const at = /T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new Exit(exits.runtime, {
    zh: `${flag} "${text}" 不是带时区的时间：请写成如 2026-10-03T08:00:00+08:00`,
    en: `${flag} "${text}" is no time with a zone: write one like 2026-10-03T08:00:00+08:00`,
  });
}

export function evidenceFlag(file: string): Evidence {
  try {
    return { name: basename(file), sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
  } catch (error) {
    throw new Exit(exits.runtime, {
      zh: `依据文件 ${file} 读不到：${String(error)}`,
      en: `the evidence ${file} cannot be read: ${String(error)}`,
    });
  }
}

export function meterOf(meters: readonly Meter[], id: string): Meter {
  const meter = meters.find((one) => one.id === id);
  if (meter) return meter;
  const hint = nearest(
    id,
    meters.map((one) => one.id),
  );
  throw new Exit(exits.runtime, {
    zh: `表 "${id}" 未声明${hint ? `；是不是 "${hint}"？` : ''}`,
    en: `the meter "${id}" is not declared${hint ? `; did you mean "${hint}"?` : ''}`,
  });
}

const effectText = ({ site, month, closed, before, after }: Effect): Text => ({
  zh: `${site} ${month}${closed ? '（已结账）' : ''} PUE：${before} -> ${after}`,
  en: `${site} ${month}${closed ? ' (closed)' : ''} PUE: ${before} -> ${after}`,
});

interface Flags {
  readonly plan: string;
  readonly store: string;
  readonly energyKwh: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
  readonly who: string;
  readonly evidence: string;
  readonly closesGap?: boolean;
  readonly dryRun?: boolean;
}

function run(id: string, flags: Flags): void {
  const meter = meterOf(readPlan(flags.plan).estate.meters, id);
  const adjustment: Adjustment = {
    at: Date.now(),
    meter: id,
    from: timeFlag('--from', flags.from),
    to: timeFlag('--to', flags.to),
    millijoules: energyFlag(flags.energyKwh),
    kind: flags.closesGap ? 'manual' : 'adjust',
    who: reasonFlag('--who', flags.who),
    why: reasonFlag('--why', flags.why),
    evidence: evidenceFlag(flags.evidence),
  };
  const path = storePath(flags.store);
  const reader = readLedger(path, flags.dryRun ? SCHEMA_VERSION : 1);
  if (!flags.dryRun) reader.close();
  const { database, close } = flags.dryRun ? { database: reader, close: () => reader.close() } : openBesideWriter(path);
  try {
    const book = new HourBook(database);
    checkAdjustment(book, meter, adjustment, storedState(database, id));
    const effects = effectOf(database, book, adjustment);
    const entry = flags.dryRun ? null : writeAdjustment(database, meter.site, adjustment);
    for (const effect of effects) console.log(say(effectText(effect)));
    console.log(
      say(
        entry === null
          ? { zh: '试运行：未写入任何内容', en: 'dry run: nothing was written' }
          : { zh: `已写入调整分录 ${entry}`, en: `wrote the adjusting entry ${entry}` },
      ),
    );
  } finally {
    close();
  }
}

export const adjust = new Command('adjust')
  .description('add an adjusting entry; closed months change by nothing else / 调整分录')
  .addArgument(new Argument('<id>', 'a meter / 电表'))
  .addOption(planOption())
  .addOption(storeOption())
  .addOption(
    option('--energy-kwh <x>', 'added evenly over the span; negative takes off / 电量，负数为减').makeOptionMandatory(),
  )
  .addOption(option('--from <time>', 'ISO 8601 with zone / 起始时间').makeOptionMandatory())
  .addOption(option('--to <time>', 'ISO 8601 with zone / 结束时间').makeOptionMandatory())
  .addOption(option('--why <text>', 'the reason, kept for ever / 原因').makeOptionMandatory())
  .addOption(option('--who <name>', 'who answers for it / 责任人').makeOptionMandatory())
  .addOption(option('--evidence <file>', 'its name and SHA-256 are kept / 依据文件').makeOptionMandatory())
  .addOption(option('--closes-gap', 'the span then counts as metered for windows that hold it whole / 补齐缺口'))
  .addOption(option('--dry-run', 'show the effect, write nothing / 只显示影响，不写入'))
  .action(run);
