import type { DatabaseSync } from 'node:sqlite';
import { floor, multiply, parseDecimal, rational } from '../../../model/rational.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import { reachOf, type MeterState } from '../../judge/meter/meter-state.ts';
import { maxGap } from '../../judge/meter/power.ts';
import { entryStatement, putEntry } from '../ledger/brought.ts';
import { closedIn, monthsIn } from '../audit/closing-month.ts';
import { spanPue } from '../audit/closing-sum.ts';
import { isSite, treesBefore, treesOnRecord } from '../audit/closing-trees.ts';
import { partBefore, type Entry } from '../ledger/entries.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import { refuse } from '../ledger/ledger-file.ts';
import { HOUR_MS, hourOf } from '../ledger/meter-account.ts';
import type { Stretch } from './past.ts';
import { overlap, poorHours } from '../pue/pue-hours.ts';
import { manualOver } from '../ledger/stored-gap.ts';

/** A file that shows why: its name and the SHA-256 of its bytes. */
export interface Evidence {
  readonly name: string;
  readonly sha256: string;
}

/** An entry that somebody wants to add. */
export interface Adjustment extends Omit<Entry, 'id' | 'factor' | 'kind'> {
  readonly kind: 'manual' | 'adjust';
  readonly who: string;
  readonly why: string;
  readonly evidence: Evidence;
}

const iso = (at: number): string =>
  new Date(at + 8 * HOUR_MS)
    .toISOString()
    .replace(/:00\.000Z$/, '+08:00')
    .replace('Z', '+08:00');
const kwh = (millijoules: bigint): string => (Number(millijoules) / 3.6e9).toFixed(3);

/** As for live readings: nothing delivers more than 1.2 times its rated power. */
const mostInAnHour = ({ rated_kw }: Meter): bigint =>
  floor(multiply(parseDecimal(String(rated_kw)) ?? rational(0n), rational(BigInt(HOUR_MS) * 6_000n, 5n)));

const asEntry = (adjustment: Adjustment): Entry => ({ ...adjustment, id: 0, factor: null });

/** Ends the command where the entry would make figures that no meter can have. `state`: what the ledger remembers of the meter. */
export function checkAdjustment(book: HourBook, meter: Meter, adjustment: Adjustment, state: MeterState | null): void {
  const { from, to, at, kind } = adjustment;
  if (meter.source.protocol === 'calculated')
    refuse(
      `"${meter.id}" 是计算得出的表：请调整它公式中的表（${meter.source.formula}）`,
      `"${meter.id}" is calculated: adjust the meters of its formula (${meter.source.formula})`,
    );
  if (from >= to)
    refuse(`--to ${iso(to)} 不晚于 --from ${iso(from)}`, `--to ${iso(to)} is not after --from ${iso(from)}`);
  if (to > at)
    refuse(
      `--to ${iso(to)} 在未来：只能调整已经过去的时间`,
      `--to ${iso(to)} is in the future: only the past can be adjusted`,
    );
  const entry = asEntry(adjustment);
  const most = mostInAnHour(meter);
  for (let hour = hourOf(from); hour < to; hour += HOUR_MS) {
    const held = book.rise(meter.id, hour, hour + HOUR_MS).millijoules;
    const after = held + partBefore(entry, hour + HOUR_MS) - partBefore(entry, hour);
    if (after >= 0n && after <= most) continue;
    refuse(
      `"${meter.id}" 在小时 ${iso(hour)} 记有 ${kwh(held)} kWh，调整后为 ${kwh(after)} kWh，超出 0 至 ${kwh(most)} kWh（1.2 × 额定 ${meter.rated_kw} kW）：请查数值、单位与时段`,
      `"${meter.id}" has ${kwh(held)} kWh in the hour ${iso(hour)} and would have ${kwh(after)} kWh, outside 0 to ${kwh(most)} kWh (1.2 × ${meter.rated_kw} kW rated): check figure, unit and span`,
    );
  }
  if (kind === 'manual') {
    if (state) checkOver(book, meter, state, adjustment);
    checkGap(book, meter.id, { from, to });
  }
}

/** A gap that is still open may yet be credited by the meter itself: the energy would count twice. */
function checkOver(book: HourBook, meter: Meter, state: MeterState, { from, to, at }: Adjustment): void {
  const { id, every } = meter;
  const { register } = state;
  if (register && register.state.at < to)
    refuse(
      `"${id}" 自 ${iso(register.state.at)} 起的缺口尚未结束：电表恢复应答时，寄存器会自己补上。读得到表码时请用 greenflops meter read 补齐，已换表时用 greenflops meter replace；否则请等电表恢复应答`,
      `the gap of "${id}" since ${iso(register.state.at)} is still open: its register bridges it when the meter answers. Close it with greenflops meter read where somebody can read the meter, or greenflops meter replace where it was replaced; otherwise wait until it answers`,
    );
  const reach = reachOf(state);
  if (reach === null) return;
  if (reach < to && at - reach <= maxGap(every))
    refuse(
      `"${id}" 刚在 ${iso(reach)} 读到，其后尚不是缺口：请在电表恢复应答或静默更久之后再补`,
      `"${id}" was read at ${iso(reach)}, and what follows is no gap yet: try again when the meter has answered or was silent for longer`,
    );
  // What was metered in the open hour is not in the hours that are looked at.
  const written = book.span(id)?.to ?? reach;
  if (written < reach && overlap({ from, to }, written, reach) > 0)
    refuse(
      `"${id}" 自 ${iso(written)} 起的小时尚未写完（读到 ${iso(reach)}）：请在该小时写完后再补，或只补 ${iso(reach)} 之后的时段`,
      `the hour of "${id}" from ${iso(written)} on is not written yet (read up to ${iso(reach)}): try again when it is, or close the gap from ${iso(reach)} on alone`,
    );
}

/** A gap is closed once, and only where there is one. */
function checkGap(book: HourBook, meter: string, span: Stretch): void {
  const known = book.closedGaps(meter, 0, Number.MAX_SAFE_INTEGER).find((gap) => overlap(gap, span.from, span.to) > 0);
  if (known)
    refuse(
      `"${meter}" 在 ${iso(known.from)} – ${iso(known.to)} 的电量已作为整体入账（${known.kind}）：更正电量请去掉 --closes-gap`,
      `the energy of "${meter}" from ${iso(known.from)} to ${iso(known.to)} is on record as a whole already (${known.kind}): leave out --closes-gap to correct energy alone`,
    );
  const hours = { from: hourOf(span.from), to: hourOf(span.to + HOUR_MS - 1) };
  if (poorHours(book, meter, hours, hours).size === 0)
    refuse(
      `"${meter}" 在 ${iso(span.from)} – ${iso(span.to)} 没有缺口：更正电量请去掉 --closes-gap`,
      `"${meter}" has no gap from ${iso(span.from)} to ${iso(span.to)}: leave out --closes-gap to correct energy alone`,
    );
}

/** What an entry does to a month's PUE: decimal texts, or the reason for none. */
export interface Effect {
  readonly site: string;
  readonly month: string;
  readonly closed: boolean;
  readonly before: string;
  readonly after: string;
}

/** The PUE of each month that the entry touches, of each site that the meter counts for; `book` counts the entry from then on. */
export function effectOf(database: DatabaseSync, book: HourBook, adjustment: Adjustment): Effect[] {
  const { meter, from, to } = adjustment;
  const closed = closedIn(database, from, to);
  const rows = [...treesOnRecord(database)]
    .filter(
      ([scope, trees]) => isSite(scope) && trees.some(({ sides }) => JSON.stringify(sides).includes(`"${meter}"`)),
    )
    .flatMap(([site, trees]) =>
      [...monthsIn(from, to)].map((month) => ({ site, trees: treesBefore(trees, month.to), month })),
    );
  const pueOf = ({ trees, month }: (typeof rows)[number]): string => {
    const { pue, reason } = spanPue(book, trees, month);
    return pue ?? String(reason);
  };
  const before = rows.map(pueOf);
  book.entries.assume(asEntry(adjustment));
  return rows.map((row, i) => ({
    site: row.site,
    month: row.month.month,
    closed: closed.includes(row.month.month),
    before: before[i] ?? '',
    after: pueOf(row),
  }));
}

/** Adds the entry and its event; one small transaction, also while an exporter writes. Returns the entry's id. */
export function writeAdjustment(database: DatabaseSync, site: string, adjustment: Adjustment): number {
  const { at, meter, from, to, millijoules, kind, who, why, evidence } = adjustment;
  const closed = closedIn(database, from, to).join(' ');
  database.exec('BEGIN IMMEDIATE');
  try {
    // The exporter may have carried out a hand reading since the gap was looked at.
    const before = kind === 'manual' ? manualOver(database, meter, { from, to }) : null;
    if (before)
      refuse(
        `"${meter}" 在 ${iso(before.from)} – ${iso(before.to)} 的缺口刚被人工补上：未写入任何内容`,
        `the gap of "${meter}" from ${iso(before.from)} to ${iso(before.to)} was closed by hand meanwhile: nothing was written`,
      );
    putEntry(entryStatement(database), adjustment, at);
    const entry = Number(database.prepare('SELECT last_insert_rowid() AS id').get()?.['id']);
    const detail = {
      entry,
      kind,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      millijoules: String(millijoules),
      who,
      why,
      evidence: `${evidence.name} sha256:${evidence.sha256}`,
      ...(closed !== '' && { closed }),
    };
    database
      .prepare("INSERT INTO event (at, site, source, kind, detail, wire) VALUES (?, ?, ?, 'adjusted', ?, '')")
      .run(at, site, meter, JSON.stringify(detail));
    database.exec('COMMIT');
    return entry;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
