import { boundaryMeters, topmostItMeters, weakestCategory } from '../../model/tree.ts';
import { HALL, IDLE } from './board-scene.ts';
import {
  byWindow,
  bySite,
  everySite,
  fullOf,
  kindOf,
  lost,
  sound,
  windows,
  youngOf,
  type Expectations,
  type Labels,
  type World,
} from './board-world.ts';

type Expected = (world: World) => Labels[];

/** One row for all picked sites together, where each of them has its figure. */
const together: Expected = (world) => (lost(world).length === 0 ? [{}] : []);
/** What takes four weeks, which the sound ledger alone has. */
const seasoned =
  (expected: Expected): Expected =>
  (world) =>
    world.dead === undefined ? expected(world) : [];

const annual = ['12mo', 'ytd'];
const pueOf =
  (rows: (world: World) => readonly string[]): Expected =>
  (world) =>
    byWindow(world, sound(world), rows(world));
const kinded: Expected = (world) =>
  pueOf(() => annual)(world).map((row) => ({ ...row, kind: kindOf(world, row['window']) }));
const full = pueOf(fullOf);
const why = (world: World, which: readonly string[]): Labels[] => [
  ...byWindow(
    world,
    lost(world),
    which.filter((one) => fullOf(world).includes(one)),
  ).map((row) => ({
    ...row,
    reason: 'coverage',
  })),
  ...byWindow(
    world,
    world.picked,
    which.filter((one) => youngOf(world).includes(one)),
  ).map((row) => ({
    ...row,
    reason: 'young',
  })),
];

const forecast: Expected = seasoned((world) => bySite(world, sound(world)).map((row) => ({ ...row, basis: 'recent' })));

const periods = ['month', 'year'];
const byPeriod = (world: World, ids: readonly string[]): Labels[] =>
  bySite(world, ids).flatMap((row) => periods.map((period) => ({ ...row, period })));
const spent: Expected = (world) => byPeriod(world, sound(world));

/** A day of hours fills the first two windows of the burn. */
const burnt = (world: World): string[] => (world.dead === undefined ? ['6h', '1d', '3d'] : ['6h', '1d']);
const isLoaded = (site: string): boolean => site !== IDLE.id;
const burn: Expected = (world) => byWindow(world, sound(world).filter(isLoaded), burnt(world));
const burnWhy: Expected = (world) => {
  const idle = sound(world).filter((site) => !isLoaded(site));
  return [
    ...byWindow(world, idle, burnt(world)).map((row) => ({ ...row, reason: 'part_load' })),
    ...byWindow(world, lost(world), burnt(world)).map((row) => ({ ...row, reason: 'coverage' })),
    ...(world.dead === undefined ? [] : byWindow(world, world.picked, ['3d'])).map((row) => ({
      ...row,
      reason: 'young',
    })),
  ];
};

const gb: Expected = (world) =>
  bySite(world, sound(world)).map((row) => ({
    ...row,
    basis: kindOf(world, '12mo') === 'annual' ? 'rm2' : 'indicative',
  }));
/** The hall's chiller has no imported year: a day fills all windows but one. */
const hallWindows = windows.filter((window) => window !== '30d');
const hall = (world: World, which: readonly string[]): Labels[] =>
  byWindow(world, [HALL.site], which).map((row) => ({ ...row, hall: HALL.id }));

const provinceWindows: Expected = (world) => fullOf(world).map((window) => ({ window }));

/** Meters with their names; a dead one has no power. */
function meters({ plan, language, picked, dead }: World, which: 'facility' | 'it' | 'cooling'): Labels[] {
  const { estate } = plan;
  const of = (site: string) =>
    which === 'cooling'
      ? estate.meters.filter((meter) => meter.site === site && meter.role === 'cooling')
      : { facility: boundaryMeters, it: topmostItMeters }[which](estate, site, Date.now());
  return picked
    .flatMap(of)
    .filter(({ id }) => id !== dead)
    .map(({ id, site, name }) => ({ site, meter: id, [`name_${language}`]: name?.[language] ?? id }));
}

/**
 * Levels with meters below them. The boundary closes where each meter below it has a register, as power that is read each
 * half hour in the played past makes no energy; accelerators were not read for an hour yet.
 */
const levels: Expected = (world) =>
  bySite(world, world.picked).flatMap((row) => {
    const own = world.plan.estate.meters.filter(({ site }) => site === row['site']);
    const entering = own.filter(({ parent }) => own.some(({ id, role }) => id === parent && role === 'facility'));
    const closes =
      entering.every(({ registers }) => registers.energy !== undefined) && !lost(world).includes(row['site'] ?? '');
    const below = own.some(({ category }) => category === 2);
    return [...(closes ? ['boundary'] : []), ...(below ? ['ups'] : [])].map((level) => ({ ...row, level }));
  });

const emissions: Expected = (world) => bySite(world, sound(world));
/** Counted as hours pass, with a PUE or without */
const certificates: Expected = (world) =>
  bySite(world, world.picked).flatMap((row) =>
    world.plan.estate.certificates
      .filter(({ site, allocations = [] }) => [site, ...allocations.map((one) => one.site)].includes(row['site']))
      .map(({ id, kind }) => ({ ...row, certificate: id, kind })),
  );

/** The label sets that each query of greenflops-energy must return. */
export const energyExpectations: Expectations = {
  // 1: does every picked site keep its year, will it, and did it spend too much?
  '1A': together,
  '1B': seasoned(together),
  '1C': together,
  // 2: PUE, band, target, verdict, and why there is none
  '2A': (world) => byWindow(world, world.picked, annual),
  '2B': kinded,
  '2C': pueOf(() => annual),
  '2D': kinded,
  '2E': kinded,
  '2F': (world) => why(world, annual),
  // 3: the forecast, target and verdict, what is left, and why there is none
  '3A': (world) => bySite(world, world.picked),
  '3B': forecast,
  '3C': forecast,
  '3D': forecast,
  '3E': forecast,
  '3F': forecast,
  '3G': seasoned((world) => bySite(world, sound(world))),
  '3H': (world) =>
    world.dead === undefined ? [] : bySite(world, world.picked).map((row) => ({ ...row, reason: 'young' })),
  // 4: the budget of month and year; the whole of a period takes four weeks
  '4A': (world) => byPeriod(world, world.picked),
  '4B': spent,
  '4C': spent,
  '4D': spent,
  '4E': spent,
  '4F': seasoned(spent),
  '4G': seasoned(spent),
  '4H': (world) => byPeriod(world, world.picked),
  '4I': (world) => byPeriod(world, lost(world)).map((row) => ({ ...row, reason: 'coverage' })),
  // 5: burn, verdict, and why there is none
  '5A': (world) => byWindow(world, world.picked, ['6h', '1d', '3d']),
  '5B': burn,
  '5C': burn,
  '5D': burnWhy,
  // 6: coverage, the four shares, length, category and edition
  '6A': (world) => byWindow(world, world.picked, fullOf(world)),
  '6B': full,
  '6C': full,
  '6D': full,
  '6E': full,
  '6F': full,
  '6G': (world) =>
    full(world).map((row) => ({
      ...row,
      category: String(weakestCategory(topmostItMeters(world.plan.estate, row['site'] ?? '', Date.now()))),
      edition: world.plan.profiles.pue_edition,
    })),
  // 7: ratio and grade of GB 40879
  '7A': gb,
  '7B': gb,
  // 8: the hall, whose own meters are well
  '8A': (world) => hall(world, windows),
  '8B': (world) => hall(world, hallWindows),
  '8C': (world) => hall(world, ['30d']).map((row) => ({ ...row, reason: 'young' })),
  // 9: the province, whichever sites are picked
  '9A': provinceWindows,
  '9B': provinceWindows,
  '9C': provinceWindows,
  '9D': provinceWindows,
  '9E': (world) => fullOf(world).map((window) => ({ window, kind: kindOf(world, window) })),
  // 10: which sites are in it, and why not
  '10A': (world) => byWindow(everySite(world), everySite(world).picked, windows),
  '10B': (world) => full(everySite(world)),
  '10C': (world) => why(everySite(world), windows),
  // 11: power at the boundary, of IT, of cooling; no meters of power supply, lighting or other things
  '11A': (world) => meters(world, 'facility'),
  '11B': (world) => meters(world, 'it'),
  '11C': (world) => meters(world, 'cooling'),
  '11D': () => [],
  '11E': () => [],
  '11F': () => [],
  // 12: what is not explained
  '12A': levels,
  // 13: nothing is suspected
  '13A': () => [],
  // 14: emissions of all picked sites, by location and by market
  '14A': together,
  '14B': together,
  // 15: emissions, REF, CUE of each site; no water or reuse meter; why there is none
  '15A': (world) => bySite(world, world.picked),
  '15B': emissions,
  '15C': emissions,
  '15D': emissions,
  '15E': emissions,
  '15F': () => [],
  '15G': () => [],
  '15H': (world) => bySite(world, lost(world)).map((row) => ({ ...row, reason: 'coverage' })),
  // 16: certificates: used, usable, surplus
  '16A': certificates,
  '16B': certificates,
  '16C': certificates,
};
