import type { AuditSource, AuditTable, Row } from './audit-table.ts';
import { auditTime } from './audit-value.ts';
import { isSite } from './closing-trees.ts';
import { sideNames } from '../ledger/sides.ts';

const time = (at: number | undefined): string | null => (at === undefined ? null : auditTime(at));
const number = (value: number | undefined): string | null => (value === undefined ? null : String(value));

/** The sides of a site on which a meter ever stood, itself or as what a formula there is made of. */
function sidesOf({ trees }: AuditSource): (meter: string) => string | null {
  const found = new Map<string, Set<string>>();
  for (const [scope, list] of trees)
    if (isSite(scope))
      for (const { sides } of list)
        for (const side of sideNames)
          for (const { meter } of sides[side]) found.set(meter, (found.get(meter) ?? new Set()).add(side));
  return (meter) => [...(found.get(meter) ?? [])].sort().join(' ') || null;
}

/** What the declaration says of each meter; meters of the ledger alone, which were declared once, have their id. */
function* metersOf(source: AuditSource): Iterable<Row> {
  const { plan, database } = source;
  const declared = new Map(plan.estate.meters.map((meter) => [meter.id, meter]));
  const known = database
    .prepare('SELECT meter FROM hour UNION SELECT meter FROM past_meter ORDER BY meter')
    .all()
    .map(({ meter }) => String(meter));
  const sideOf = sidesOf(source);
  for (const id of [...new Set([...declared.keys(), ...known])].sort()) {
    const meter = declared.get(id);
    if (meter === undefined) yield [id, 'no', ...Array.from({ length: 18 }, () => null)];
    else
      yield [
        id,
        'yes',
        meter.site,
        meter.name?.zh ?? null,
        meter.name?.en ?? null,
        meter.role,
        sideOf(id),
        meter.direction,
        meter.carrier,
        meter.category === null ? null : String(meter.category),
        meter.parent,
        meter.hall,
        String(meter.rated_kw),
        meter.serial ?? null,
        number(meter.accuracy_class),
        meter.ct_ratio.map(({ from, value }) => `${auditTime(from)} ${value.n}/${value.d}`).join(' ') || null,
        meter.backup ?? null,
        meter.source.protocol === 'calculated' ? meter.source.formula : null,
        time(meter.valid_from),
        time(meter.valid_to),
      ];
  }
}

export const metersTable: AuditTable = {
  name: 'meters',
  columns: [
    'meter',
    'declared',
    'site',
    'name_zh',
    'name_en',
    'role',
    'side',
    'direction',
    'carrier',
    'category',
    'parent',
    'hall',
    'rated_kw',
    'serial',
    'accuracy_class',
    'ct_ratio',
    'backup',
    'formula',
    'valid_from',
    'valid_to',
  ],
  rows: metersOf,
};

export const sitesTable: AuditTable = {
  name: 'sites',
  columns: ['site', 'name_zh', 'name_en', 'demo', 'profile', 'pue_edition', 'valid_from'],
  rows: ({ plan: { estate, profiles } }) =>
    estate.sites.map((site) => [
      site.id,
      site.name.zh,
      site.name.en,
      site.demo ? 'yes' : 'no',
      site.profile,
      profiles.pue_edition,
      time(site.valid_from),
    ]),
};
