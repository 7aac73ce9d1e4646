import { add, exactDecimal, floor, multiply, rational } from '../rational.ts';

/**
 * The resource in which a Kueue cluster counts a quota in PFlops: whole GFLOPS of dense FP16, by which its controller
 * multiplies what a pod asks for. No pod ever asks for it. Kueue keeps whole numbers and rounds up per pod, so the unit is
 * small: a 312.5 TFLOPS chip is exactly 312,500 of it.
 */
export const CREDITS = 'greenflops.io/gflops-fp16';

/** Credits that so many PFlops come to in all, rounded down once: a quota is a cap. */
export const creditsOf = (pflops: readonly number[]): number =>
  Number(floor(multiply(pflops.map(exactDecimal).reduce(add, rational(0)), rational(1_000_000))));

export const pflopsOfCredits = (credits: number): number => credits / 1_000_000;
