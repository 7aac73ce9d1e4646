import type { Target } from './schema/promise.ts';

const DAY_MS = 86_400_000;
/** The plan counts days in China's time, which knows no summer time. */
const CHINA_MS = 8 * 3_600_000;

const dayOf = (unixMs: number): number => Math.floor((unixMs + CHINA_MS) / DAY_MS);

/** Share of the days from the baseline to the due date that have passed: 0 to 1; null before the baseline or without one. */
function elapsed(target: Target, at: number): number | null {
  if (target.baseline === null) return null;
  const start = Date.parse(target.baseline.date) / DAY_MS;
  const days = dayOf(at) - start;
  return days < 0 ? null : Math.min(days / (dayOf(target.due) - start), 1);
}

/**
 * What the target requires at an instant (Unix ms) if every day grows by the same share, in the target's unit:
 * baseline x (value / baseline) ^ elapsed. null without a baseline, before it, or where growth has no rate (not above 0).
 */
export function requiredCompound(target: Target, at: number): number | null {
  const share = elapsed(target, at);
  const start = target.baseline?.value ?? 0;
  if (share === null || start <= 0 || target.value <= 0) return null;
  return start * (target.value / start) ** share;
}

/** The same on the straight line: every day adds the same amount. null without a baseline or before it. */
export function requiredLinear(target: Target, at: number): number | null {
  const share = elapsed(target, at);
  if (share === null || target.baseline === null) return null;
  return target.baseline.value + (target.value - target.baseline.value) * share;
}
