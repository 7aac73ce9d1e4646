import type { Language } from '../model/text.ts';

/** Panels of the boards that alerts point at. `site`: it shows the sites that the reader picks. */
export const panels = {
  sitePue: { board: 'greenflops-plan', id: 3, site: true },
  waterfall: { board: 'greenflops-plan', id: 4, site: true },
  path: { board: 'greenflops-plan', id: 5, site: false },
  sources: { board: 'greenflops-plan', id: 8, site: true },
  budgetLeft: { board: 'greenflops-energy', id: 4, site: true },
  power: { board: 'greenflops-energy', id: 11, site: true },
  queues: { board: 'greenflops-compute', id: 11, site: true },
  suspects: { board: 'greenflops-energy', id: 13, site: true },
} as const;
export type Panel = (typeof panels)[keyof typeof panels];

/** Where runbooks stand, from the repository's root. Where alerts are read elsewhere, put the repository's address before it. */
const runbooks = 'alerts/runbooks';

export const runbookPath = (alert: string, language: Language): string => `${runbooks}/${language}/${alert}.md`;

/** A panel at the time that matters; relative to Grafana's own address, which rules do not know. */
export const panelLink = ({ board, id }: Panel, range: string, language: Language): string =>
  `/d/${board}-${language}?viewPanel=${id}&from=now-${range}&to=now`;

/** The same at the alert's site too, as a template. */
export const dashboardLink = (panel: Panel, range: string, language: Language): string =>
  `${panelLink(panel, range, language)}${panel.site ? '&var-site={{ $labels.site }}' : ''}`;
