import { computeExpectations } from './board-compute-expectations.ts';
import { energyExpectations } from './board-energy-expectations.ts';
import { topmostItMeters, weakestCategory } from '../../model/tree.ts';
import {
  byWindow,
  bySite,
  fullOf,
  isBound,
  kindOf,
  lost,
  one,
  sound,
  sources,
  tiers,
  youngOf,
  type Expectations,
  type Labels,
  type World,
} from './board-world.ts';

const pue = (world: World): Labels[] =>
  byWindow(world, sound(world), fullOf(world)).map((row) => ({
    ...row,
    kind: kindOf(world, row['window']),
    category: String(weakestCategory(topmostItMeters(world.plan.estate, row['site'] ?? '', Date.now()))),
  }));
const pueWindows = (world: World): Labels[] => byWindow(world, sound(world), fullOf(world));
const together =
  (window: string) =>
  (world: World): Labels[] =>
    lost(world).length === 0 && fullOf(world).includes(window) ? [{}] : [];

/** The label sets that each query of greenflops-plan must return, by panel and query: no more and no fewer. */
const planExpectations: Expectations = {
  // 1: now against required today and the goal; demonstration
  '1A': one,
  '1B': one,
  '1C': one,
  '1D': one,
  '1E': ({ plan }) => (plan.estate.sites.some(({ demo }) => demo) ? [{}] : []),
  // 2: do all picked sites keep their targets? Their PUE together, a query for each window
  '2A': together('12mo'),
  '2B': together('12mo'),
  '2C': together('ytd'),
  '2D': together('30d'),
  '2E': together('24h'),
  '2F': together('1h'),
  // 3: the order of the rows, PUE, target, verdict and coverage by site
  '3A': pueWindows,
  '3B': pue,
  '3C': pue,
  '3D': pue,
  '3E': pueWindows,
  // 4: the waterfall
  '4A': one,
  '4B': one,
  '4C': one,
  '4D': one,
  '4E': one,
  '4F': (world) => tiers(world).filter(({ tier }) => !isBound(tier)),
  '4G': (world) => tiers(world).filter(({ tier }) => isBound(tier)),
  // 5: the glide path
  '5A': one,
  '5B': one,
  '5C': one,
  '5D': one,
  // 6: the two sides of energy; that of a dead meter shows no line
  '6A': (world) => bySite(world, sound(world)),
  '6B': (world) => bySite(world, world.picked),
  // 7: why there is no PUE
  '7A': (world) => [
    ...byWindow(world, lost(world), fullOf(world)).map((row) => ({ ...row, reason: 'coverage' })),
    ...byWindow(world, world.picked, youngOf(world)).map((row) => ({ ...row, reason: 'young' })),
  ],
  '7B': (world) => byWindow(world, lost(world), fullOf(world)),
  '7C': (world) => byWindow(world, world.picked, youngOf(world)),
  // 8: sources without an answer, when they last gave one, and those that are not believed
  '8A': (world) => sources(world, [world.dead, world.silent]),
  '8B': (world) => sources(world, [world.silent]),
  '8C': () => [],
  // 9: meters that were silent
  '9A': (world) => sources(world, [world.dead]).map(({ source = '', ...rest }) => ({ ...rest, meter: source })),
};

/** By board */
export const expectations: Readonly<Record<string, Expectations>> = {
  'greenflops-plan': planExpectations,
  'greenflops-energy': energyExpectations,
  'greenflops-compute': computeExpectations,
};
