import { DatabaseSync } from 'node:sqlite';

/** Tables and their columns, in order. */
export type Shape = ReadonlyMap<string, readonly string[]>;

function read<T>(path: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

export const shapeOf = (path: string): Shape =>
  read(path, (database) => {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)');
    return new Map(
      tables.map(({ name }) => [String(name), columns.all(String(name)).map((column) => String(column['name']))]),
    );
  });

/** Version, soundness and every row of the tables of `shape`, as text: two ledgers are equal where these are. */
export const contentOf = (path: string, shape: Shape): { version: number; sound: string; rows: string } =>
  read(path, (database) => {
    const rows = [...shape].map(([table, columns]) => {
      const places = columns.map((_, i) => i + 1).join(', ');
      const statement = database.prepare(`SELECT ${quoted(columns)} FROM "${table}" ORDER BY ${places}`);
      statement.setReadBigInts(true);
      statement.setReturnArrays(true);
      return `${table} ${JSON.stringify(statement.all(), (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))}`;
    });
    return {
      version: Number(database.prepare('PRAGMA user_version').get()?.['user_version']),
      sound: String(database.prepare('PRAGMA quick_check').get()?.['quick_check']),
      rows: rows.join('\n'),
    };
  });
