const SHANGHAI_MS = 8 * 3_600_000;

/** Millijoules as joules with three decimals: exact, and short enough to read. */
export function joulesText(millijoules: bigint): string {
  const size = millijoules < 0n ? -millijoules : millijoules;
  return `${millijoules < 0n ? '-' : ''}${size / 1000n}.${String(size % 1000n).padStart(3, '0')}`;
}

/** 2026-10-01T00:00:00.000+08:00 */
export const auditTime = (at: number): string => new Date(at + SHANGHAI_MS).toISOString().replace('Z', '+08:00');

export const energyOf = (row: Readonly<Record<string, unknown>>, prefix = ''): bigint =>
  (row[`${prefix}joules`] as bigint) * 1000n + (row[`${prefix}millijoules`] as bigint);
