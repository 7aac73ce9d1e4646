import { ageMeter, judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import { packState, unpackState, unread, type MeterState } from '../../../exporter/judge/meter/meter-state.ts';
import type { Span } from '../../../exporter/judge/verdict.ts';
import { rational } from '../../../model/rational.ts';
import { meter as meterSchema, type Meter } from '../../../model/schema/meter.ts';
import type { Moment } from './oracle.ts';

export const RATED_W = 100_000;

/** A meter of 100 kW whose numbers stand in exposition text. */
export const meterOf = (registers: object, every = '15s'): Meter =>
  meterSchema.parse({
    id: 'm',
    site: 's',
    role: 'it',
    rated_kw: RATED_W / 1000,
    every,
    source: { protocol: 'exposition', url: 'http://h/metrics', timestamps: 'ignore' },
    registers,
  });

export interface Judged {
  readonly state: MeterState;
  readonly spans: readonly Span[];
  /** Credited, after each moment. */
  readonly credited: readonly bigint[];
  readonly unmetered: number;
  readonly events: readonly string[];
}

interface HowToRead {
  /** Decimal places of the register's text. */
  readonly digits?: bigint;
  /** Moments after which the process begins anew. */
  readonly restarts?: ReadonlySet<number>;
}

/** Judges a life reading by reading. */
export function judgeLife(meter: Meter, moments: readonly Moment[], { digits = 1n, restarts }: HowToRead = {}): Judged {
  let state: MeterState = unread;
  let sum = 0n;
  let unmetered = 0;
  const spans: Span[] = [];
  const credited: bigint[] = [];
  const events: string[] = [];
  const raw = (level: bigint) => ({ value: rational(level, digits), wire: String(level) });
  for (const [index, { at, mono, levels, restarts: count, watts }] of moments.entries()) {
    const [first = null, ...more] = levels ?? [];
    const answer = {
      ...(meter.registers.energy && first !== null && { energy: raw(first) }),
      ...(meter.registers.tariffs && first !== null && { tariffs: [first, ...more].map(raw) }),
      ...(meter.registers.power && { power: raw(BigInt(watts) * digits) }),
      ...(meter.registers.restart && { restart: { value: rational(count), wire: '' } }),
    };
    const judged =
      first === null ? ageMeter(meter, state, { at, mono }) : judgeMeter(meter, state, answer, { at, mono });
    for (const span of judged.spans) sum += span.millijoules;
    spans.push(...judged.spans);
    unmetered += judged.unmetered;
    credited.push(sum);
    events.push(...judged.events.map(({ kind }) => kind));
    // Before a register has begun nothing is written: the ledger has no account yet.
    const again = restarts?.has(index) === true && judged.state.register !== null;
    state = again ? unpackState(packState(judged.state)) : judged.state;
  }
  return { state, spans, credited, unmetered, events };
}
