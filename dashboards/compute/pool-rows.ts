import { poolInfo, siteInfo } from '../../model/metrics/info.ts';
import { sourceUp } from '../../model/metrics/source.ts';
import type { Language } from '../../model/text.ts';
import { nameLabel, once, picked } from '../promql.ts';

/** Label of a site's name beside a pool's, which has `name_zh` or `name_en`. */
export const SITE_NAME = 'place';

/** Adds a pool's name, its site's, and whether that is a demonstration; the value stays, as an info metric is 1. */
export function withPool(expression: string, language: Language): string {
  const name = nameLabel(language);
  const pools = once(poolInfo, ['site', 'pool', name], { site: picked });
  const sites = `label_replace(${once(siteInfo, ['site', name, 'demo'])}, "${SITE_NAME}", "$1", "${name}", "(.+)")`;
  return `((${expression}) * on (site, pool) group_left (${name}) ${pools}) * on (site) group_left (${SITE_NAME}, demo) ${sites}`;
}

/** Whose source it is, as a label: a pool with an exporter on each node has sources of the form pool/node. */
export const ofOwner = (sources: string, owner: string): string =>
  `label_replace(${sources}, "${owner}", "$1", "source", "([^/]+)(/.+)?")`;

/** Pools that give no answer: what they do now is unknown, which is not nothing. */
export const silentPools = `(${once(poolInfo, ['site', 'pool'], { site: picked })} and on (site, pool) ${ofOwner(
  `(${once(sourceUp, ['site', 'source'], { site: picked })} == 0)`,
  'pool',
)})`;
