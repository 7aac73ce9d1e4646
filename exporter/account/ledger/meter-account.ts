import type { Span } from '../../judge/verdict.ts';

export const HOUR_MS = 3_600_000;
/** An hour counts when a meter was metered for at least this share of it. */
export const METERED_SHARE = 0.95;

export const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

/** A meter's cumulative totals at the end of an hour. */
export interface HourRow {
  readonly meter: string;
  readonly hour: number;
  readonly millijoules: bigint;
  readonly meteredMs: number;
  /** metered for less than 95 % of this hour */
  readonly exception: boolean;
}

export interface GapRow {
  readonly meter: string;
  readonly from: number;
  readonly to: number;
  /** bridged: credited when it ended; unmetered: not credited; manual: closed by a hand reading; skipped: the wall clock jumped over it */
  readonly kind: 'bridged' | 'unmetered' | 'manual' | 'skipped';
  /** Credited over it. */
  readonly millijoules: bigint;
  readonly levels?: Span['levels'];
}

/** What a meter has been credited: the running totals, and the open hour. */
export interface MeterAccount {
  readonly meter: string;
  /** Start of the hour that is not written yet. */
  hour: number;
  /** Cumulative since the ledger began. */
  millijoules: bigint;
  meteredMs: number;
  /** Of that, in the open hour. */
  hourMeteredMs: number;
  /** The exposed counter: only energy from live readings. */
  liveMillijoules: bigint;
  unmeteredMs: number;
}

/** An account begins with a row that closes the hour before the first reading at nothing. */
export function openAccount(meter: string, at: number): { account: MeterAccount; row: HourRow } {
  const hour = hourOf(at);
  return {
    account: {
      meter,
      hour,
      millijoules: 0n,
      meteredMs: 0,
      hourMeteredMs: 0,
      liveMillijoules: 0n,
      unmeteredMs: 0,
    },
    row: { meter, hour: hour - HOUR_MS, millijoules: 0n, meteredMs: 0, exception: true },
  };
}

/**
 * Books a span: spreads its energy and time evenly over the hours that it touches and closes those that it passes.
 * Where the wall clock went back, the open hour takes all, with at most 3,600 metered seconds; where it went forward
 * over whole hours, these are not written, and a gap says so.
 */
export function book(account: MeterAccount, span: Span): { rows: HourRow[]; gaps: GapRow[] } {
  const { meter } = account;
  const rows: HourRow[] = [];
  const gaps: GapRow[] = [];
  const close = (): void => {
    const { hour, millijoules, meteredMs } = account;
    rows.push({ meter, hour, millijoules, meteredMs, exception: account.hourMeteredMs < METERED_SHARE * HOUR_MS });
    account.hour = hour + HOUR_MS;
    account.hourMeteredMs = 0;
  };
  const from = Math.max(span.from, account.hour);
  const to = Math.max(span.to, from);
  if (hourOf(from) > account.hour + HOUR_MS) {
    close();
    gaps.push({ meter, from: account.hour, to: hourOf(from), kind: 'skipped', millijoules: 0n });
    account.hour = hourOf(from);
  }
  const metered = span.kind === 'metered';
  const length = BigInt(to - from);
  let left = span.millijoules;
  let leftMs = metered ? Math.max(0, span.to - span.from) : 0;
  let start = from;
  const add = (millijoules: bigint, ms: number): void => {
    const fits = Math.min(ms, HOUR_MS - account.hourMeteredMs);
    account.millijoules += millijoules;
    account.meteredMs += fits;
    account.hourMeteredMs += fits;
    left -= millijoules;
    leftMs -= ms;
  };
  while (account.hour + HOUR_MS <= to) {
    const end = account.hour + HOUR_MS;
    if (end > start) {
      const part = length === 0n ? 0n : (span.millijoules * BigInt(end - start)) / length;
      add(part < left ? part : left, metered ? Math.min(leftMs, end - start) : 0);
      start = end;
    }
    close();
  }
  add(left, leftMs);
  account.liveMillijoules += span.millijoules;
  if (!metered) {
    const kind = span.kind === 'bridged' ? 'bridged' : 'unmetered';
    gaps.push({ meter, from: span.from, to: span.to, kind, millijoules: span.millijoules, levels: span.levels });
  }
  return { rows, gaps };
}
