import { Argument, Command } from 'commander';
import { eventKinds, type EventKind } from '../../model/reasons.ts';
import { readLedger, storePath } from '../account/open-ledger.ts';
import { option, storeOption } from './plan-option.ts';
import { terminalLanguage } from './say.ts';

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

export const events = new Command('events')
  .description('list what the ledger keeps beside its totals / 列出账本事件')
  .addArgument(new Argument('[id]', 'a meter, pool or other source / 表、资源池或其他数据源'))
  .addOption(storeOption())
  .addOption(option('--since <time>', 'only events from this time on, ISO 8601 / 起始时间'))
  .addOption(option('--limit <n>', 'the newest n / 最近 n 条', '200'))
  .option('--json', 'one JSON object a line / 每行一个 JSON')
  .action((id: string | undefined, flags: { store: string; since?: string; limit: string; json?: boolean }) => {
    const database = readLedger(storePath(flags.store));
    const since = flags.since === undefined ? 0 : Date.parse(flags.since);
    const rows = database
      .prepare(
        'SELECT at, site, source, kind, detail, wire FROM event WHERE (? IS NULL OR source = ?) AND at >= ? ORDER BY id DESC LIMIT ?',
      )
      .all(id ?? null, id ?? null, Number.isNaN(since) ? 0 : since, Number(flags.limit)) as unknown as EventRow[];
    database.close();
    for (const row of rows.reverse()) {
      console.log(flags.json ? JSON.stringify({ ...row, detail: JSON.parse(row.detail) as unknown }) : line(row));
    }
    if (rows.length === 0) console.error({ zh: '没有事件', en: 'no events' }[terminalLanguage()]);
  });
