import type { Meter } from '../../../model/schema/meter.ts';
import { between } from '../../judge/meter/register-state.ts';
import type { Accountant } from './accountant.ts';

/**
 * Nobody reads a meter after its declared life: what is left of it after the last reading is a gap, which a hand reading
 * of its last level may close. So its last hour is written, and the windows over a swap of meters hold.
 */
export function endLives(accountant: Accountant, meters: readonly Meter[], at: number): void {
  for (const meter of meters) {
    const to = meter.valid_to ?? Infinity;
    const { register, power, ...rest } = accountant.stateOf(meter.id);
    const from = (register ?? power)?.state.at ?? Infinity;
    if (to > at || from >= to || accountant.openHour(meter.id) === null) continue;
    const counted = (register ?? power)?.state.unmeteredTo ?? from;
    const ended = { at: to, unmeteredTo: Math.max(to, counted) };
    const state = {
      ...rest,
      register: register && { ...register, state: { ...register.state, ...ended, held: null } },
      power: power && { ...power, state: { ...power.state, ...ended } },
    };
    const levels = register && { levels: between(register.state.level, register.state.level) };
    const spans = [{ from, to, millijoules: 0n, kind: 'unmetered' as const, ...levels }];
    accountant.book(meter, { state, spans, unmetered: Math.max(0, to - Math.max(from, counted)), events: [] }, at);
  }
}
