/** The instant from which every register and total of the twin counts. */
export const epoch = Date.parse('2025-01-01T00:00:00+08:00');
export const hourMs = 3_600_000;
export const weekMs = 168 * hourMs;
const end = Date.parse('2075-01-01T00:00:00+08:00');

/** Milliseconds since the twin's epoch. @throws RangeError outside the fifty years for which the twin has a truth */
export function sinceEpoch(at: number): number {
  if (!(at >= epoch && at < end))
    throw new RangeError(`the twin knows the years 2025 to 2074 (Asia/Shanghai), not the Unix time ${at} ms`);
  return at - epoch;
}
