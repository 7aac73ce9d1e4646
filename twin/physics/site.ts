import { itAbove, type MeterEntry } from '../estate.ts';
import { hourly, less, scale, steady, sum, type Flow } from './flow.ts';
import type { Node } from './pool.ts';
import { coolingRange, coolingShare, sunShare } from './weather.ts';

/** Loss of power distribution per watt delivered to servers. */
const pduLoss = 0.02;
/** Loss of a UPS: per watt delivered, and standing, per watt of the full load behind it. */
const upsLoss = { delivered: 0.035, standing: 0.008 };
/** Lighting per watt of the servers' full load. */
const lightingShare = 0.006;
/** Photovoltaics reach this share of their rating together, and never more than this share of the site's least need. */
const sunLimit = { ofRated: 0.85, ofNeed: 0.5 };

export interface Site {
  /** Everything that the site draws: import and own generation at the boundary. */
  readonly facility: Flow;
  /** The topmost IT meters together. */
  readonly it: Flow;
  readonly meters: ReadonlyMap<string, Flow>;
}

/** What the twin can play; all else is refused, because it would have to invent a reading. */
const played = ['facility import', 'facility generation', 'it import', 'cooling import', 'lighting import'];
const part = ({ role, direction }: MeterEntry) => `${role} ${direction}`;

/**
 * Balances one site: servers -> distribution -> UPS -> boundary, cooling after the servers' heat and the outdoor air.
 * The topmost IT meters stand at UPS outputs and share the servers by rated power; an IT meter below another one stands
 * at a PDU output and reads a part of its parent's servers, without the loss of distribution.
 */
export function siteOf(seed: number, id: string, entries: readonly MeterEntry[], nodes: readonly Node[]): Site {
  const stranger = entries.find((entry) => !played.includes(part(entry)));
  if (stranger) throw new Error(`meter ${stranger.id}: the twin plays ${played.join(', ')}, not ${part(stranger)}`);

  const meters = new Map<string, Flow>();
  const it = entries.filter(({ role }) => role === 'it');
  const topmost = it.filter((entry) => itAbove(entry, entries) === undefined);
  const branch = (entry: MeterEntry, fed: readonly Node[], gain: number): void => {
    meters.set(entry.id, scale(input(fed), gain));
    const below = it.filter((other) => itAbove(other, entries) === entry);
    const spare = Math.max(0, entry.rated_w - rated(below));
    const shares = shareOut(fed, [...below.map(({ rated_w }) => rated_w), spare]);
    for (const [index, child] of below.entries()) branch(child, shares[index] ?? [], 1);
  };
  const fed = shareOut(nodes, topmost.length > 0 ? topmost.map(({ rated_w }) => rated_w) : [1]);
  for (const [index, entry] of topmost.entries()) branch(entry, fed[index] ?? [], 1 + pduLoss);

  const heat = input(nodes);
  const output = scale(heat, 1 + pduLoss);
  const supply = sum([scale(output, 1 + upsLoss.delivered), steady(upsLoss.standing * output.peak)]);
  const cooling = hourly(heat, coolingShare, coolingRange);
  const lighting = steady(lightingShare * heat.peak);
  const facility = sum([supply, cooling, lighting]);

  const panels = entries.filter((entry) => part(entry) === 'facility generation');
  const peak = Math.min(sunLimit.ofRated * rated(panels), sunLimit.ofNeed * facility.least);
  const sun = hourly(steady(peak), sunShare(seed, id), { low: 0, high: 1 });

  const flows: Readonly<Record<string, Flow>> = {
    'facility import': less(facility, sun),
    'facility generation': sun,
    'cooling import': cooling,
    'lighting import': lighting,
  };
  for (const [name, flow] of Object.entries(flows)) {
    const own = entries.filter((entry) => part(entry) === name);
    for (const entry of own) meters.set(entry.id, scale(flow, entry.rated_w / rated(own)));
  }
  return { facility, it: sum(topmost.flatMap((entry) => meters.get(entry.id) ?? [])), meters };
}

const rated = (entries: readonly MeterEntry[]) => entries.reduce((total, { rated_w }) => total + rated_w, 0);
const input = (nodes: readonly Node[]) => sum(nodes.map((node) => node.input));

/** Gives each node to the branch that is filled least for its weight. Weights of 0 get nothing. */
function shareOut(nodes: readonly Node[], weights: readonly number[]): Node[][] {
  const branches = weights.map((weight) => ({ weight, filled: 0, nodes: new Array<Node>() }));
  for (const node of nodes) {
    const [emptiest] = branches
      .filter(({ weight }) => weight > 0)
      .toSorted((a, b) => (a.filled + 1) / a.weight - (b.filled + 1) / b.weight);
    if (emptiest === undefined) break;
    emptiest.filled += 1;
    emptiest.nodes.push(node);
  }
  return branches.map((branch) => branch.nodes);
}
