import type { Adjustment } from '../../exporter/account/past/adjust.ts';

/** An entry as `greenflops adjust` makes it; times are Asia/Shanghai's. */
export const adjustmentOf = (
  now: number,
  meter: string,
  from: string,
  to: string,
  millijoules: bigint,
  kind: 'manual' | 'adjust',
): Adjustment => ({
  at: now,
  meter,
  from: Date.parse(`${from}+08:00`),
  to: Date.parse(`${to}+08:00`),
  millijoules,
  kind,
  who: 'energy manager',
  why: 'hand reading',
  evidence: { name: 'bill, "October".pdf', sha256: '0'.repeat(64) },
});
