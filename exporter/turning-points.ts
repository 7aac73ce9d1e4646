import type { Plan } from '../model/plan.ts';

/** Instants after `at` at which a meter or pool of the sites begins or ends its declared life, in order. Unix ms. */
export function turningPoints({ estate }: Plan, sites: readonly string[], at: number): number[] {
  const clusters = new Set(estate.clusters.filter(({ site }) => sites.includes(site)).map(({ id }) => id));
  const lives = [
    ...estate.meters.filter(({ site }) => sites.includes(site)),
    ...estate.pools.filter(({ cluster }) => clusters.has(cluster)),
  ];
  const turns = lives.flatMap(({ valid_from: from = -Infinity, valid_to: to = Infinity }) => [from, to]);
  return [...new Set(turns)].filter((turn) => turn > at && turn < Infinity).sort((a, b) => a - b);
}
