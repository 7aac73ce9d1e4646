import type { Language } from '../model/text.ts';

/** Panels of the board greenflops-plan that alerts point at. `site`: it shows the sites that the reader picks. */
export const panels = {
  sitePue: { id: 3, site: true },
  waterfall: { id: 4, site: true },
  path: { id: 5, site: false },
  energy: { id: 6, site: true },
  sources: { id: 8, site: true },
} as const;
export type Panel = (typeof panels)[keyof typeof panels];

/** Where runbooks stand, from the repository's root. Where alerts are read elsewhere, put the repository's address before it. */
const runbooks = 'alerts/runbooks';

export const runbookPath = (alert: string, language: Language): string => `${runbooks}/${language}/${alert}.md`;

/** A panel at the time that matters; relative to Grafana's own address, which rules do not know. */
export const panelLink = ({ id }: Panel, range: string, language: Language): string =>
  `/d/greenflops-plan-${language}?viewPanel=${id}&from=now-${range}&to=now`;

/** The same at the alert's site too, as a template. */
export const dashboardLink = (panel: Panel, range: string, language: Language): string =>
  `${panelLink(panel, range, language)}${panel.site ? '&var-site={{ $labels.site }}' : ''}`;
