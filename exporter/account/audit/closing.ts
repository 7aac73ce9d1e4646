import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { closingBody, meterShortfall, type ClosingOptions } from './closing-body.ts';
import { canonical } from './closing-canonical.ts';
import { monthAt } from './closing-month.ts';
import { isSite, treesOnRecord } from './closing-trees.ts';
import { HourBook } from '../ledger/hour-book.ts';
import { refuse } from '../ledger/ledger-file.ts';
import type { ClosedMonth } from '../past/past-closed.ts';

export interface Closing {
  readonly month: string;
  readonly body: string;
  readonly previous: string;
  readonly hash: string;
}

/** Hash of a closed month: it covers the hash of the month before, so that none can be changed or left out unseen. */
export const chainHash = (previous: string, body: string): string =>
  createHash('sha256').update(`${previous}\n${body}`).digest('hex');

const SHANGHAI = { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' } as const;
const clock = new Intl.DateTimeFormat('sv-SE', SHANGHAI);

function checkOrder(database: DatabaseSync, { month, to }: ClosedMonth, now: number): string {
  if (now < to)
    refuse(
      `${month} 月尚未结束：请在 ${clock.format(to)}（Asia/Shanghai）之后结账`,
      `the month ${month} is not over: close it after ${clock.format(to)} (Asia/Shanghai)`,
    );
  const last = database.prepare('SELECT month, hash FROM closing ORDER BY month DESC LIMIT 1').get();
  if (last === undefined) return '';
  const newest = String(last['month']);
  if (month <= newest)
    refuse(
      `${month} 月不能再结账（已结至 ${newest}）：更正请用 greenflops adjust`,
      `the month ${month} cannot be closed: closed up to ${newest}. Correct it with greenflops adjust`,
    );
  const [year = 0, number = 0] = newest.split('-').map(Number);
  const next = monthAt(Date.UTC(year, number, 2));
  if (month !== next)
    refuse(
      `按顺序结账：${newest} 之后是 ${next}，不是 ${month}`,
      `months are closed in order: after ${newest} comes ${next}, not ${month}`,
    );
  return String(last['hash']);
}

function checkRows(book: HourBook, trees: ReturnType<typeof treesOnRecord>, month: ClosedMonth): void {
  const short = meterShortfall(book, trees, month);
  if (short.length === 0) return;
  const list = (never: string) =>
    short
      .map(({ meter, rows }) => `  ${meter}: ${rows ? `${clock.format(rows.from)} – ${clock.format(rows.to)}` : never}`)
      .join('\n');
  refuse(
    `${month.month} 月有电表没有记满整月，账本中它们的起止是：\n${list('从未读到')}\n请等它们恢复，或补入手抄读数（greenflops meter read）、账单（greenflops import）；--accept-gaps 原因 可照样结账`,
    `meters whose hours do not reach over all of ${month.month}; in the ledger they are there from – to:\n${list('never read')}\nwait for them, or bring a hand reading (greenflops meter read) or bills (greenflops import); --accept-gaps REASON closes anyway`,
  );
}

/** A month as it would be closed now; throws where it cannot be. */
function prepareClosing(database: DatabaseSync, month: ClosedMonth, options: ClosingOptions): Closing {
  const previous = checkOrder(database, month, options.at);
  const book = new HourBook(database);
  const trees = treesOnRecord(database);
  if (trees.size === 0)
    refuse(`账本里没有任何站点：请先运行 greenflops run`, `the ledger knows no site: run greenflops run first`);
  if (options.acceptedGaps === null) checkRows(book, trees, month);
  const body = canonical(closingBody(database, book, trees, month, previous, options));
  return { month: month.month, body, previous, hash: chainHash(previous, body) };
}

const BUSY = 5;
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === BUSY;
/** So often a snapshot that went stale is read again; then the exporter has to wait for the close. */
const PATIENCE = 10;

/**
 * Closes a month, also while an exporter writes the ledger: reads in one snapshot, and where the exporter has committed
 * meanwhile SQLite refuses the write, and it is read again. The write itself is two rows and an event for each site.
 */
export function closeMonth(database: DatabaseSync, month: ClosedMonth, options: ClosingOptions): Closing {
  for (let tried = 1; ; tried++) {
    database.exec(tried <= PATIENCE ? 'BEGIN' : 'BEGIN IMMEDIATE');
    try {
      const closing = prepareClosing(database, month, options);
      const { body, previous, hash } = closing;
      database.prepare('INSERT INTO closing VALUES (?, ?, ?, ?, ?)').run(month.month, options.at, body, previous, hash);
      const note = database.prepare(
        "INSERT INTO event (at, site, source, kind, detail, wire) VALUES (?, ?, 'closing', 'closed', ?, '')",
      );
      const detail = JSON.stringify({
        month: month.month,
        hash,
        who: options.who,
        accepted_gaps: options.acceptedGaps ?? '',
      });
      for (const site of treesOnRecord(database).keys()) if (isSite(site)) note.run(options.at, site, detail);
      database.exec('COMMIT');
      return closing;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      if (!isBusy(error) || tried > PATIENCE) throw error;
    }
  }
}
