/**
 * What a meter's life truly comes to, and what the rules of the design (section 5) allow of it, in whole numbers: a
 * watt over a millisecond is a millijoule. Imports nothing of the house, so that one mistake cannot stand on both sides.
 */

/** What the display does at one reading: everything but the first three is a lie about one instant. */
export type Fault = 'none' | 'silent' | 'reset' | 'zero' | 'spike' | 'creep' | 'stuck';

/** Time that passes at one power, and then a reading. */
export interface Tick {
  readonly ms: number;
  readonly watts: number;
  readonly fault: Fault;
  /** How far the wall clock jumps before the reading, ms. */
  readonly jump?: number;
  /** Which tariff register counts. */
  readonly tariff?: number;
}

export interface Register {
  /** millijoules of one step */
  readonly unit: bigint;
  /** where it stands when the life begins */
  readonly start: bigint;
  readonly modulus: bigint | null;
}

/** One instant of the life: what is shown, null while silent, and what is true. */
export interface Moment {
  readonly at: number;
  readonly mono: number;
  readonly levels: readonly bigint[] | null;
  readonly restarts: bigint;
  readonly watts: number;
  /** millijoules since the life began */
  readonly truth: bigint;
}

const BEGIN = 1_790_000_000_000;
const FAR = 10n ** 12n;
/** Steps that a gap of hours can bring and one of minutes cannot. */
const NEAR = 3000n;
const LONG_MS = 2 * 3_600_000;

/** Lives a life; the first moment is an honest reading at its beginning. */
export function live(registers: readonly Register[], ticks: readonly Tick[]): Moment[] {
  const counted = registers.map(({ start, unit }) => start * unit);
  const show = (): bigint[] =>
    registers.map(({ unit, modulus }, index) => {
      const level = counted[index]! / unit;
      return modulus === null ? level : level % modulus;
    });
  let [mono, skew, truth, restarts] = [1000, BEGIN - 1000, 0n, 7n];
  let shown = show();
  let crept = false;
  const moments: Moment[] = [{ at: BEGIN, mono, levels: shown, restarts, watts: 0, truth }];
  for (const { ms, watts, fault, jump = 0, tariff = 0 } of ticks) {
    mono += ms;
    skew += jump;
    // Half of the time before a reset, half after it.
    const energy = BigInt(watts) * BigInt(ms);
    const busy = tariff % registers.length;
    truth += energy;
    if (fault === 'reset') {
      restarts += 1n;
      counted.fill(0n);
      counted[busy] = energy / 2n;
    } else counted[busy] = counted[busy]! + energy;
    if (fault !== 'stuck') shown = show();
    // One lie that fits a long gap; two of them that fit one another are beyond any rule.
    crept = fault === 'creep' && ms > LONG_MS && !crept;
    const lies: Partial<Record<Fault, bigint[]>> = {
      zero: shown.map(() => 0n),
      spike: shown.map((level) => level + FAR),
    };
    moments.push({
      at: mono + skew,
      mono,
      levels: fault === 'silent' ? null : crept ? shown.map((level) => level + NEAR) : (lies[fault] ?? shown),
      // A device that answers with zeros answers so everywhere.
      restarts: fault === 'zero' ? 0n : restarts,
      watts: fault === 'zero' ? 0 : watts,
      truth,
    });
  }
  return moments;
}

/**
 * Integrates an honest register, which is never reset, by the design's rule alone: the rise between two readings is
 * theirs, modulo the modulus, whatever the gap.
 */
export function integrate(register: Register, moments: readonly Moment[]): bigint {
  let sum = 0n;
  let last: bigint | null = null;
  for (const { levels } of moments) {
    const level = levels?.[0];
    if (level === undefined) continue;
    if (last !== null) {
      const rise = level - last;
      sum += (rise < 0n && register.modulus !== null ? rise + register.modulus : rise) * register.unit;
    }
    last = level;
  }
  return sum;
}
