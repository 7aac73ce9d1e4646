import type { Estate } from '../../../model/schema/estate.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import { boundaryMeters, isValid, sign, topmostItMeters } from '../../../model/tree.ts';
import type { SideMeter } from '../ledger/sides.ts';

/** Levels that meters bound on both sides; `it`, which accelerators close from below, has no meters there. */
export type MeterLevel = 'boundary' | 'ups' | 'pdu';

/** Meters, and those that measure parts of the same energy just below them, each part once. */
export interface Junction {
  /** null: of no level, but its children must not exceed it either */
  readonly level: MeterLevel | null;
  readonly above: readonly SideMeter[];
  readonly below: readonly SideMeter[];
}

interface ClosureTree {
  readonly junctions: readonly Junction[];
  /** Boundary against topmost IT: below one is no PUE. null where one of them is missing. */
  readonly pue: Junction | null;
  readonly it: readonly SideMeter[];
}

/** Carriers that no electricity is made of: beside any other one, less may come in as electricity than is used. */
const NO_SOURCE: ReadonlySet<string> = new Set(['electricity', 'chilled-water', 'hot-water', 'condenser-water']);
const ROLES: ReadonlySet<string> = new Set(['facility', 'it', 'cooling', 'ups', 'lighting', 'other']);
/** Output of PDUs, and input of equipment, by the categories of ISO/IEC 30134-2 */
const LEVELS: Readonly<Record<number, MeterLevel>> = { 1: 'ups', 2: 'pdu', 3: 'pdu' };

const part = ({ id, rated_kw }: Meter, direction: 1 | -1): SideMeter => ({
  meter: id,
  sign: direction,
  weightMillionths: 1_000_000,
  ratedKw: rated_kw,
  electric: true,
});
/** Below a meter energy goes in, and what generation or export meters read comes out again. */
const asLoad = (meter: Meter): SideMeter => part(meter, meter.direction === 'import' ? 1 : -1);

/**
 * What must close at a site at an instant: electricity that is read, unweighted. Meters that are calculated, stand in for
 * another one or are outside their life are passed over, so that their children hang on the next meter above.
 */
export function closureTree(estate: Estate, site: string, at: number): ClosureTree {
  const backups = new Set(estate.meters.map(({ backup }) => backup));
  const byId = new Map(estate.meters.map((meter) => [meter.id, meter]));
  const isRead = (meter: Meter): boolean =>
    meter.site === site &&
    meter.carrier === 'electricity' &&
    meter.source.protocol !== 'calculated' &&
    ROLES.has(meter.role) &&
    isValid(meter, at) &&
    !backups.has(meter.id);
  const above = ({ parent }: Meter): Meter | undefined => {
    const next = byId.get(parent ?? '');
    return next === undefined || isRead(next) ? next : above(next);
  };
  const read = estate.meters.filter(isRead);
  const boundary = boundaryMeters(estate, site, at);
  const gates = boundary.filter((meter) => read.includes(meter));
  const children = Map.groupBy(
    read.filter((meter) => !gates.includes(meter)),
    above,
  );

  const junctions = [...children].flatMap(([parent, list]): Junction[] =>
    parent === undefined || gates.includes(parent)
      ? []
      : [{ level: levelOf(parent), above: [part(parent, 1)], below: list.map(asLoad) }],
  );
  // Feeders share a busbar, and photovoltaics feed what hangs on a gate: the boundary closes as a whole only. What has
  // no meter above it still comes through the boundary.
  const entering = [...gates, undefined].flatMap((gate) => children.get(gate) ?? []);
  const sources = gates.map((gate) => part(gate, sign(gate)));
  const isWhole =
    gates.length > 0 &&
    boundary.every(
      (meter) => NO_SOURCE.has(meter.carrier) && (gates.includes(meter) || meter.carrier !== 'electricity'),
    );
  if (isWhole && entering.length > 0) {
    junctions.unshift({ level: 'boundary', above: sources, below: entering.map(asLoad) });
  }
  const topmost = topmostItMeters(estate, site, at);
  const it = topmost.every((meter) => read.includes(meter)) ? topmost.map(asLoad) : [];
  return { junctions, pue: isWhole && it.length > 0 ? { level: null, above: sources, below: it } : null, it };
}

const levelOf = ({ role, category }: Meter): MeterLevel | null =>
  role === 'it' && category !== null ? (LEVELS[category] ?? null) : null;
