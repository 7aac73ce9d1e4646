import type { Metric } from '../model/metrics/metric.ts';
import { siteInfo } from '../model/metrics/info.ts';
import type { Language } from '../model/text.ts';

/** Matchers by label, each with its operator: `{ side: eq('it') }`. A label that the metric lacks is a type error. */
type Matchers<L extends string> = Partial<Readonly<Record<L, string>>>;

export const eq = (value: string): string => `="${value}"`;
/** The sites that the reader has picked; Grafana puts `.+` or `a|b` in. */
export const picked = '=~"$site"';

/** A selector of the metric's series. */
export function series<L extends string>({ name }: Metric<L>, matchers: Matchers<L> = {}): string {
  const list = Object.entries<string | undefined>(matchers).map(([label, matcher]) => `${label}${matcher}`);
  return list.length === 0 ? name : `${name}{${list.join(',')}}`;
}

/**
 * One value for each combination of `labels`: a series that two jobs scrape, or that moved to another pod, counts once.
 * `max` picks among copies; nothing is added up.
 */
export const once = <L extends string>(
  metric: Metric<L>,
  labels: readonly NoInfer<L>[],
  matchers?: Matchers<L>,
): string => `max by (${labels.join(', ')}) (${series(metric, matchers)})`;

/** The label of the info metrics that holds the reader's name of a thing. */
export const nameLabel = (language: Language): `name_${Language}` => `name_${language}`;

/** Adds a site's name and whether it is a demonstration; the value stays, as an info metric is 1. */
export function withSite(expression: string, language: Language): string {
  const name = nameLabel(language);
  return `(${expression}) * on (site) group_left (${name}, demo) ${once(siteInfo, ['site', name, 'demo'])}`;
}

/** 1 where `verdicts`, one of 1 or 0 for each site, are 1 at every picked site; no answer where a site has none. */
export function everywhere(verdicts: string): string {
  return `min(${verdicts}) and ${ofEachSite(verdicts)}`;
}

/** Holds where `rows` has one row for each picked site: a part of the sites would pass as the whole. */
export const ofEachSite = (rows: string): string =>
  `(count(${rows}) == count(${once(siteInfo, ['site'], { site: picked })}))`;

/** Where any of several series is: as the first query of a table it gives the table its rows. */
export const any = (...expressions: readonly string[]): string => expressions.join(' or ');
