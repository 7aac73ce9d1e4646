import { boundaryMeters } from '../../model/tree.ts';
import type { Language } from '../../model/text.ts';
import type { Plan } from '../../model/plan.ts';
import type { Misfortune } from './board-scene.ts';

export type Labels = Readonly<Record<string, string>>;

/** The label sets that each query must return, by panel and query: no more and no fewer. */
export type Expectations = Readonly<Record<string, (world: World) => Labels[]>>;

/** What the board's queries are put to: the declaration, the reader's choice, and what is so. */
export interface World extends Misfortune {
  readonly plan: Plan;
  readonly language: Language;
  /** Ids of sites */
  readonly picked: readonly string[];
}

export const windows = ['1h', '24h', '30d', 'ytd', '12mo'];
/** Windows that a sound site's ledger fills: all of them with a year, and of a day those that are not longer or begin with it. */
export const fullOf = ({ dead }: World): string[] => windows.filter((window) => dead === undefined || window !== '30d');
export const youngOf = (world: World): string[] => windows.filter((window) => !fullOf(world).includes(window));
export const kindOf = ({ dead }: World, window = ''): string =>
  window === '12mo' && dead === undefined ? 'annual' : 'interim';

/** The same with every site picked: what is of the whole province. */
export const everySite = (world: World): World => ({ ...world, picked: world.plan.estate.sites.map(({ id }) => id) });

export const one = (): Labels[] => [{}];
const sitesOf = ({ plan, picked }: World) => plan.estate.sites.filter(({ id }) => picked.includes(id));
/** The site whose boundary meter, and so whose PUE, is dead. */
const deadSite = ({ plan, dead }: World): string | undefined => {
  const meter = plan.estate.meters.find(({ id }) => id === dead);
  if (meter && !boundaryMeters(plan.estate, meter.site, Date.now()).includes(meter))
    throw new Error(`${meter.id} is no boundary meter`);
  return meter?.site;
};
const site = (world: World, { id, name, demo }: ReturnType<typeof sitesOf>[number]): Labels => ({
  site: id,
  [`name_${world.language}`]: name[world.language],
  demo: String(demo),
});
export const bySite = (world: World, ids: readonly string[]): Labels[] =>
  sitesOf(world)
    .filter(({ id }) => ids.includes(id))
    .map((row) => site(world, row));
export const byWindow = (world: World, ids: readonly string[], rows: readonly string[]): Labels[] =>
  bySite(world, ids).flatMap((row) => rows.map((window) => ({ ...row, window })));

/** Sites with a PUE */
export const sound = (world: World): string[] => world.picked.filter((id) => id !== deadSite(world));
export const lost = (world: World): string[] => world.picked.filter((id) => id === deadSite(world));

/** What the twin's exporters show of each pool: T1 with a reference clock, T2 tensor activity alone, T3 AI-core activity. */
export const tierOf: Readonly<Record<string, string>> = {
  'nc-a800': 'T1',
  'nc-910b': 'T2',
  'py-h20': 'T2',
  'py-910a': 'T3',
};

/** Tiers that are no more than an upper bound */
export const isBound = (tier = ''): boolean => ['T3', 'T4'].includes(tier);

/** A pool that falls silent shows its last figures for five minutes more. */
export function tiers({ plan, picked }: World): Labels[] {
  const { pools, clusters } = plan.estate;
  const shown = pools.filter(({ cluster }) =>
    clusters.some(({ id, site: at }) => id === cluster && picked.includes(at)),
  );
  return [...new Set(shown.map(({ id }) => tierOf[id] ?? `no tier known of ${id}`))].map((tier) => ({ tier }));
}

/** Meters and pools as sources with their names. */
export function sources({ plan, picked, language }: World, ids: readonly (string | undefined)[]): Labels[] {
  const { meters, pools, clusters } = plan.estate;
  const all = [
    ...meters.map(({ id, name, site: at }) => ({ id, name, at })),
    ...pools.map(({ id, name, cluster }) => ({ id, name, at: clusters.find((row) => row.id === cluster)?.site ?? '' })),
  ];
  return all
    .filter(({ id, at }) => ids.includes(id) && picked.includes(at))
    .map(({ id, name, at }) => ({ site: at, source: id, [`name_${language}`]: name?.[language] ?? id }));
}
