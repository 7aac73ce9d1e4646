import { readLedger } from '../../exporter/account/ledger/open-ledger.ts';
import { unpackState } from '../../exporter/judge/meter/meter-state.ts';

/** Of the plant's registers: 1 Wh, in joules */
const JOULES_PER_UNIT = 3600n;

/**
 * What a ledger holds of each meter's exposed counter in J, and by how much the counters differ from their registers: a
 * difference that grows is energy counted twice, one that shrinks is energy lost.
 */
export function liveTotals(path: string): { joules: Map<string, number>; offsets: Map<string, bigint> } {
  const database = readLedger(path);
  try {
    const statement = database.prepare('SELECT meter, state, live_joules, live_millijoules FROM meter ORDER BY meter');
    statement.setReadBigInts(true);
    const joules = new Map<string, number>();
    const offsets = new Map<string, bigint>();
    for (const row of statement.all()) {
      const meter = String(row['meter']);
      const whole = row['live_joules'] as bigint;
      joules.set(meter, Number(whole) + Number(row['live_millijoules']) / 1000);
      const level = unpackState(String(row['state'])).register?.state.level;
      if (level !== undefined) offsets.set(meter, whole - (level.n / level.d) * JOULES_PER_UNIT);
    }
    return { joules, offsets };
  } finally {
    database.close();
  }
}
