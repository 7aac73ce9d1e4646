import type { PanelJson } from './board-json.ts';
import type { Problem, Rule } from './rules.ts';

const DATASOURCE = '${datasource}';
const COLUMNS = 24;
/** Of the linter's list of units, those that fit what the catalogue measures. */
const UNITS = new Set(['none', 'watt', 'watth', 'masst', 'percentunit', 's', 'dateTimeAsIso', 'pflops']);

const byPanel =
  (wrong: (panel: PanelJson, index: number, all: readonly PanelJson[]) => string | null): Rule =>
  ({ panels }) =>
    panels.flatMap((panel, index): Problem[] => {
      const said = wrong(panel, index, panels);
      return said === null ? [] : [{ panel: panel.id, said }];
    });

const overlap = (a: PanelJson['gridPos'], b: PanelJson['gridPos']): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/**
 * Rules about the board around its queries. The first ones are those of grafana/dashboard-linter. Left out:
 * template-job, template-instance, target-job and target-instance, as `site` takes the place of both: the ledger's series
 * must survive a move to another pod.
 */
export const boardRules = {
  'template-datasource': ({ templating }) => {
    const [first] = templating.list;
    return first?.name === 'datasource' && first.type === 'datasource' && first.query === 'prometheus'
      ? []
      : [{ said: 'the first variable is not the data source' }];
  },
  'template-on-time-change-reload': ({ templating }) =>
    templating.list.flatMap(({ name, type, refresh, multi, includeAll, allValue }) =>
      type !== 'query' || (refresh === 2 && multi && includeAll && allValue === '.+')
        ? []
        : [{ said: `${name}: refresh 2, several values, all as .+` }],
    ),
  'panel-datasource': byPanel(({ datasource, targets }) =>
    [datasource, ...targets.map((target) => target.datasource)].every(({ uid }) => uid === DATASOURCE)
      ? null
      : 'a data source that is not the variable',
  ),
  'panel-title-description': byPanel(({ title, description }) =>
    title && description ? null : 'needs a title and a description',
  ),
  // A table's columns have units of their own.
  'panel-units': byPanel(({ type, fieldConfig: { defaults } }) =>
    type === 'table' || UNITS.has(defaults.unit ?? '') ? null : `unit ${defaults.unit}`,
  ),
  'panel-no-targets': byPanel(({ targets }) => (targets.length > 0 ? null : 'no query')),
  'uneditable-dashboard': ({ editable }) => (editable ? [{ said: 'can be edited' }] : []),

  'fixed-frame': ({ uid, schemaVersion, timezone, refresh, tags }) =>
    /^greenflops-[a-z-]+-(zh|en)$/.test(uid) &&
    uid.length <= 40 &&
    schemaVersion === 42 &&
    timezone === 'Asia/Shanghai' &&
    refresh === '1m' &&
    tags.includes('greenflops')
      ? []
      : [{ said: 'uid, schema, zone, refresh or tag' }],
  'other-language': ({ uid, links }) => {
    const other = uid.endsWith('-zh') ? uid.replace(/zh$/, 'en') : uid.replace(/en$/, 'zh');
    return links.some(({ url, keepTime, includeVars }) => url === `/d/${other}` && keepTime && includeVars)
      ? []
      : [{ said: `no link to ${other} that keeps time and variables` }];
  },
  'unique-id': ({ panels, rows }) =>
    [...panels, ...rows].flatMap(({ id }, index, all) =>
      Number.isInteger(id) && all.findIndex((one) => one.id === id) === index
        ? []
        : [{ panel: id, said: 'its id is missing or taken' }],
    ),
  'fits-grid': ({ panels, rows }) =>
    [...panels, ...rows].flatMap(({ id, gridPos }, index, all) =>
      gridPos.x >= 0 &&
      gridPos.x + gridPos.w <= COLUMNS &&
      !all.slice(0, index).some((one) => overlap(one.gridPos, gridPos))
        ? []
        : [{ panel: id, said: 'outside of 24 columns, or over another panel' }],
    ),
  // Nine are read at a glance; more of them need headings, and nobody reads more than twenty.
  'as-many-as-are-read': ({ panels, rows }) =>
    panels.length >= 6 && panels.length <= (rows.length > 0 ? 20 : 9) ? [] : [{ said: `${panels.length} panels` }],
  'gaps-stay-gaps': byPanel(({ type, fieldConfig, options }) =>
    type !== 'timeseries' || (fieldConfig.defaults.custom?.spanNulls === false && options.legend?.showLegend)
      ? null
      : 'joins gaps, or hides its legend',
  ),
} as const satisfies Record<string, Rule>;
