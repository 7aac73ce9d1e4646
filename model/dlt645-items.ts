/** How the digits of an item are read. */
export interface Digits {
  readonly bytes: number;
  /** Digits behind the point */
  readonly decimals: number;
  /** true: the highest bit is the sign, and no part of the first digit */
  readonly signed: boolean;
}

const energy: Digits = { bytes: 4, decimals: 2, signed: false };
const power: Digits = { bytes: 3, decimals: 4, signed: true };
const voltage: Digits = { bytes: 2, decimals: 1, signed: false };
const current: Digits = { bytes: 3, decimals: 3, signed: true };
const count: Digits = { bytes: 3, decimals: 0, signed: false };

/** The total and the four tariffs of one kind of energy. */
const tariffs = (kind: string, digits: Digits): [string, Digits][] =>
  ['00', '01', '02', '03', '04'].map((tariff) => [`00${kind}${tariff}00`, digits]);
/** One item for each phase. */
const phases = (kind: string, digits: Digits): [string, Digits][] =>
  ['01', '02', '03'].map((phase) => [`02${kind}${phase}00`, digits]);

/** DL/T 645-2007, annex A: items of a meter by data identifier DI3..DI0. Units: kWh, kW, V, A, Hz. */
export const knownItems: ReadonlyMap<string, Digits> = new Map([
  // Combined active energy is what two fields of the meter's settings add up; it may be negative.
  ...tariffs('00', { ...energy, signed: true }),
  // Active energy, forward and reverse
  ...tariffs('01', energy),
  ...tariffs('02', energy),
  ...phases('01', voltage),
  ...phases('02', current),
  // Active power, total and by phase
  ['02030000', power],
  ...phases('03', power),
  // Frequency
  ['02800002', { bytes: 2, decimals: 2, signed: false }],
  // How often the meter's energy was set to zero: evidence of a reset
  ['03300100', count],
]);
