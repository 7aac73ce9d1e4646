import type { DatabaseSync } from 'node:sqlite';
import type { RegisterState } from '../../judge/meter/register-state.ts';
import { unpackState, type MeterState } from '../../judge/meter/meter-state.ts';
import { appliedRatios, ratioAt } from '../ledger/applied-ratios.ts';
import { closedIn } from '../audit/closing-month.ts';
import { Instructions, type Instruction } from './instruction.ts';
import type { Found } from './instruction-judge.ts';
import { HOUR_MS } from '../ledger/meter-account.ts';
import { Past } from './past.ts';
import { gapsAt, manualOver } from '../ledger/stored-gap.ts';

/** What is remembered of a meter as of the last commit; null where nothing is. */
export function storedState(database: DatabaseSync, meter: string): MeterState | null {
  const row = database.prepare('SELECT state FROM meter WHERE meter = ?').get(meter);
  return row ? unpackState(String(row['state'])) : new Past(database).stateOf(meter);
}

/** Where a meter's register stands as of the last commit; null where it was never read. */
export const storedRegister = (database: DatabaseSync, meter: string): RegisterState | null =>
  storedState(database, meter)?.register?.state ?? null;

/** What a ledger says around an instruction; `id`: it has one already. */
export function lookAround(
  database: DatabaseSync,
  asked: Instruction,
  { now, register, id }: Pick<Found, 'now' | 'register'> & { readonly id?: number },
): Found {
  const { meter, at } = asked;
  const first = database.prepare('SELECT min(hour) AS first FROM hour WHERE meter = ?').get(meter)?.['first'];
  const ratios = appliedRatios(database).get(meter) ?? [];
  return {
    now,
    register,
    // The first row stands for 'before the first reading'.
    first: typeof first === 'number' ? first + HOUR_MS : null,
    gaps: gapsAt(database, meter, at),
    ratioAt: (instant) => ratioAt(ratios, instant),
    closed: ({ from, to }) => closedIn(database, from, to),
    manual: (span) => manualOver(database, meter, span),
    twin: new Instructions(database).twin(asked, id),
  };
}
