import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
  type Dashboard,
  type DashboardLink,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { siteInfo } from '../model/metrics/info.ts';
import type { Plan } from '../model/plan.ts';
import type { Language, Text } from '../model/text.ts';
import { datasource } from './panel.ts';

/** A board answers one question: the answer stands first, then the evidence, then the causes. */
export interface Board {
  /** Name of its files; with the language it is the uid, of which Grafana takes 40 characters. */
  readonly id: string;
  title(plan: Plan): Text;
  readonly description: Text;
  /** In reading order */
  sections(plan: Plan, language: Language): readonly Section[];
}

/** Panels that belong together: they flow into rows of 24 columns. */
export interface Section {
  /** Its heading; a board of a few panels needs none. */
  readonly title?: Text;
  readonly panels: readonly Builder<Panel>[];
}

const words = {
  datasource: { zh: '数据源', en: 'Data source' },
  site: { zh: '园区', en: 'Site' },
  other: { zh: 'English', en: '中文' },
} as const satisfies Record<string, Text>;

/** Headings have ids too, above those of panels. */
const FIRST_ROW_ID = 100;

const uid = ({ id }: Board, language: Language): string => `${id}-${language}`;

/** A link in sight, above the panels: the builder would hide it in the menu of controls. */
function link(title: string, url: string): Builder<DashboardLink> {
  const { placement: _, ...shown } = new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(url)
    .keepTime(true)
    .includeVars(true)
    .build();
  return { build: () => shown };
}

/** What all boards have in common, added in one place. Classic JSON (schemaVersion 42): file providers take no other. */
export function dashboard(board: Board, plan: Plan, language: Language): Dashboard {
  const other: Language = language === 'zh' ? 'en' : 'zh';
  const built = new DashboardBuilder(board.title(plan)[language])
    .uid(uid(board, language))
    .description(board.description[language])
    .tags(['greenflops'])
    .readonly()
    .timezone('Asia/Shanghai')
    .time({ from: 'now-24h', to: 'now' })
    // Meters are slow: a faster refresh would show nothing new.
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(link(words.other[language], `/d/${uid(board, other)}`))
    .withVariable(new DatasourceVariableBuilder('datasource').label(words.datasource[language]).type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('site')
        .label(words.site[language])
        .datasource(datasource)
        .query(`label_values(${siteInfo.name}, site)`)
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true)
        .allValue('.+')
        .current({ text: 'All', value: '$__all' }),
    );
  for (const [index, { title, panels }] of board.sections(plan, language).entries()) {
    if (title) built.withRow(new RowBuilder(title[language]).id(FIRST_ROW_ID + index));
    for (const panel of panels) built.withPanel(panel);
  }
  return built.build();
}
