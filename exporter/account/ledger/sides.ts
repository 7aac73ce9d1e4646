/** A meter as it enters a sum. */
export interface SideMeter {
  readonly meter: string;
  /** +1 import or generation, -1 export, and what a formula subtracts */
  readonly sign: 1 | -1;
  /** weight of its carrier, times the factor of a formula, in millionths */
  readonly weightMillionths: number;
  readonly ratedKw: number;
  /** GB 40879 counts electricity alone */
  readonly electric: boolean;
  /** true: generated on the site */
  readonly generated?: true;
  /** What takes its place in hours in which it was not metered. */
  readonly backup?: Sum;
}

/** Meters that are read, each with its factor, and a constant power. */
export interface Sum {
  readonly meters: readonly SideMeter[];
  readonly constantMilliwatts?: number;
}

/** What a boundary meter counts, without the weight of its carrier. */
export interface Flow {
  readonly direction: 'import' | 'export' | 'generation';
  readonly carrier: string;
  readonly sum: Sum;
}

export const sideNames = ['facility', 'it'] as const;
export type SideName = (typeof sideNames)[number];
export type PerSide<T> = Record<SideName, T>;

/** The boundary and the topmost IT meters of a site or hall; constant powers, of formulas, in mW where there are any. */
export interface Sides extends PerSide<readonly SideMeter[]> {
  readonly constants?: PerSide<number>;
  /** Energy that is put to use elsewhere (ISO/IEC 30134-6). */
  readonly reuse?: readonly SideMeter[];
  /** Water meters: litres in place of joules (ISO/IEC 30134-9). */
  readonly water?: readonly SideMeter[];
  /** Of a site, meter by meter: what emissions are counted from. */
  readonly flows?: readonly Flow[];
}

/** Which meters made up the sides from an hour on, until the next one: closed hours keep the tree that they were counted by. */
export interface Tree {
  readonly since: number;
  readonly sides: Sides;
}

/** A part of a window with one tree. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly sides: Sides;
}

export const piecesOf = (trees: readonly Tree[], from: number, to: number): Piece[] =>
  trees
    .map(({ since, sides }, i) => ({
      from: Math.max(from, since),
      to: Math.min(to, trees[i + 1]?.since ?? Infinity),
      sides,
    }))
    .filter((piece) => piece.from < piece.to);

/** The trees with other meters on their sides: for ratios of other sums over the same hours. */
export const regrouped = (trees: readonly Tree[], group: (sides: Sides) => Sides): Tree[] =>
  trees.map(({ since, sides }) => ({ since, sides: group(sides) }));

/** Electricity alone, as GB 40879 counts. */
export const electricOnly = ({ constants, facility, it }: Sides): Sides => ({
  facility: facility.filter(({ electric }) => electric),
  it,
  ...(constants && { constants }),
});
