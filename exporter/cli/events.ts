import { Argument, Command } from 'commander';
import { eventKinds, type EventKind } from '../../model/reasons.ts';
import { readLedger, storePath } from '../account/ledger/open-ledger.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { option, storeOption } from './plan-option.ts';
import { Exit, exits } from './say.ts';

interface EventRow {
  readonly at: number;
  readonly site: string;
  readonly source: string;
  readonly kind: string;
  readonly detail: string;
  readonly wire: string;
}

/** A line of an event: when, where, what in words, the figures, and what stood on the wire. */
function line({ at, site, source, kind, detail, wire }: EventRow): string {
  const words = eventKinds[kind as EventKind]?.[terminalLanguage()] ?? kind;
  const figures = Object.entries(JSON.parse(detail) as Record<string, unknown>).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const bytes = wire === '' ? '' : `  [${wire}]`;
  return `${new Date(at).toISOString()}  ${site}/${source}  ${kind}: ${words}  ${figures.join(' ')}${bytes}`;
}

/** Events from this time on, Unix ms. */
function sinceOf(text: string | undefined): number {
  const at = text === undefined ? 0 : Date.parse(text);
  if (!Number.isNaN(at)) return at;
  throw new Exit(exits.runtime, {
    zh: `--since "${text}" 不是时间：请写成 ISO 8601，如 2026-01-31T08:00:00+08:00`,
    en: `--since "${text}" is no time: write ISO 8601, like 2026-01-31T08:00:00+08:00`,
  });
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Exit(exits.runtime, {
    zh: `--limit "${text}" 不是正整数：请写成如 200`,
    en: `--limit "${text}" is no positive whole number: write one like 200`,
  });
}

export const events = new Command('events')
  .description('list what the ledger keeps beside its totals / 列出账本事件')
  .addArgument(new Argument('[id]', 'a meter, pool or other source / 表、资源池或其他数据源'))
  .addOption(storeOption())
  .addOption(option('--since <time>', 'only events from this time on, ISO 8601 / 起始时间'))
  .addOption(option('--limit <n>', 'the newest n / 最近 n 条', '200'))
  .option('--json', 'one JSON object a line / 每行一个 JSON')
  .action((id: string | undefined, flags: { store: string; since?: string; limit: string; json?: boolean }) => {
    const since = sinceOf(flags.since);
    const limit = limitOf(flags.limit);
    const database = readLedger(storePath(flags.store));
    const rows = database
      .prepare(
        'SELECT at, site, source, kind, detail, wire FROM event WHERE (? IS NULL OR source = ?) AND at >= ? ORDER BY at DESC, id DESC LIMIT ?',
      )
      .all(id ?? null, id ?? null, since, limit) as unknown as EventRow[];
    database.close();
    for (const row of rows.reverse()) {
      console.log(flags.json ? JSON.stringify({ ...row, detail: JSON.parse(row.detail) as unknown }) : line(row));
    }
    if (rows.length > 0) return;
    const none =
      id === undefined
        ? { zh: `账本 ${flags.store} 中没有事件`, en: `no events in ${flags.store}` }
        : { zh: `账本 ${flags.store} 中没有 "${id}" 的事件`, en: `no events of "${id}" in ${flags.store}` };
    console.error(none[terminalLanguage()]);
  });
