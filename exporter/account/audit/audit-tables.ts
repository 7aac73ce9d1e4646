import { hoursTable } from './audit-hours.ts';
import { metersTable, sitesTable } from './audit-meters.ts';
import { exact, textOf, type AuditTable, type Cell, type Row } from './audit-table.ts';
import { auditTime, energyOf, joulesText } from './audit-value.ts';
import { windowsTable } from './audit-windows.ts';

type Record_ = Record<string, unknown>;
/** One column: what a row of the ledger says there. */
type Column = readonly [name: string, cell: (row: Record_) => Cell];

const text = (name: string): Column => [name, (row) => textOf(row[name])];
const whole = (name: string): Column => [name, (row) => (row[name] === null ? null : String(Number(row[name])))];
const time = (name: string, from = name): Column => [name, (row) => auditTime(Number(row[from]))];
const energy: Column = ['energy_j', (row) => joulesText(energyOf(row))];

/** A part that is a table of the ledger, row by row. */
const stored = (name: string, sql: string, columns: readonly Column[]): AuditTable => ({
  name,
  columns: columns.map(([column]) => column),
  *rows({ database }): Iterable<Row> {
    for (const row of exact(database, sql).iterate()) yield columns.map(([, cell]) => cell(row));
  },
});

const evidence = (member: 'name' | 'sha256'): Column => [
  `evidence_${member}`,
  ({ evidence: json }) => {
    const found = JSON.parse(String(json)) as Readonly<Record<string, unknown>> | null;
    return textOf(found?.[member]);
  },
];

/** The one list of what an audit file holds, in the order of its manifest. */
export const auditTables: readonly AuditTable[] = [
  sitesTable,
  metersTable,
  stored('ratios', 'SELECT * FROM ratio ORDER BY meter, since', [text('meter'), time('since'), text('ratio')]),
  stored('trees', 'SELECT * FROM tree ORDER BY site, since', [
    ['scope', (row) => textOf(row['site'])],
    time('since'),
    text('sides'),
  ]),
  hoursTable,
  stored(
    'gaps',
    `SELECT meter, gap_from, gap_to, kind, joules, millijoules, level_from, level_to, NULL AS import FROM gap
     UNION ALL
     SELECT meter, gap_from, gap_to, 'imported', 0, 0, NULL, NULL, past FROM past_gap JOIN past ON past.id = past AND valid = 1
     ORDER BY meter, gap_from, kind`,
    [
      text('meter'),
      time('from', 'gap_from'),
      time('to', 'gap_to'),
      text('kind'),
      energy,
      text('level_from'),
      text('level_to'),
      whole('import'),
    ],
  ),
  stored('entries', 'SELECT * FROM entry ORDER BY id', [
    whole('id'),
    time('at'),
    text('meter'),
    time('from', 'entry_from'),
    time('to', 'entry_to'),
    energy,
    text('factor'),
    text('kind'),
    text('who'),
    text('why'),
    evidence('name'),
    evidence('sha256'),
  ]),
  stored('late', 'SELECT * FROM late ORDER BY meter, month, hour_from', [
    text('meter'),
    text('month'),
    time('hour_from'),
    time('hour_to'),
    time('at'),
    energy,
    whole('metered_ms'),
  ]),
  stored('events', 'SELECT * FROM event ORDER BY id', [
    whole('id'),
    time('at'),
    text('site'),
    text('source'),
    text('kind'),
    text('detail'),
    text('wire'),
  ]),
  stored('closings', 'SELECT * FROM closing ORDER BY month', [
    text('month'),
    time('at'),
    text('previous'),
    text('hash'),
    text('body'),
  ]),
  windowsTable,
];
