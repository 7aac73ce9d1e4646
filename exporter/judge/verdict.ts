import type { EventKind, Rejection } from '../../model/reasons.ts';

/** Energy over a span of time, on its way to the ledger. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly millijoules: bigint;
  /** metered; bridged: credited across a gap of more than an hour; unmetered: nothing is known of these seconds */
  readonly kind: 'metered' | 'bridged' | 'unmetered';
  /** Of a register: its raw levels at both ends, 'n/d' */
  readonly levels?: { readonly from: string; readonly to: string };
}

/** What a reading comes to, of a register or of power: `S` is what is remembered of it. */
export interface Verdict<S> {
  readonly state: S;
  readonly spans: readonly Span[];
  /** ms to add to the meter's unmetered time */
  readonly unmetered: number;
  readonly event?: { readonly kind: EventKind; readonly detail: Readonly<Record<string, string | number>> };
  readonly rejected?: Rejection;
}
