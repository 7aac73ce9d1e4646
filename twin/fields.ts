/** A mapping of a YAML or JSON document together with the place where it stands, so that each complaint can name it. */
export interface Fields {
  readonly where: string;
  readonly entries: ReadonlyMap<string, unknown>;
  text(key: string): string;
  optionalText(key: string): string | null;
  number(key: string): number;
  optionalNumber(key: string): number | null;
  /** The key's mapping, null where the key is absent. */
  mapping(key: string): Fields | null;
  /** The key's list of mappings, empty where the key is absent. */
  list(key: string): Fields[];
  /** The key's list of texts, empty where the key is absent. */
  texts(key: string): string[];
}

/** Reads `value` as a mapping. @throws Error that names place, value and what was expected */
export function fields(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${where}: expected a mapping, found ${JSON.stringify(value)}`);
  const entries = new Map<string, unknown>(Object.entries(value));
  const absent = (key: string) => entries.get(key) === undefined || entries.get(key) === null;
  const wrong = (key: string, expected: string) =>
    new Error(`${where}.${key}: expected ${expected}, found ${JSON.stringify(entries.get(key))}`);
  const text = (key: string) => {
    const found = entries.get(key);
    if (typeof found !== 'string' || found === '') throw wrong(key, 'a text');
    return found;
  };
  const number = (key: string) => {
    const found = entries.get(key);
    if (typeof found !== 'number' || !Number.isFinite(found)) throw wrong(key, 'a number');
    return found;
  };
  const array = (key: string): unknown[] => {
    const found: unknown = entries.get(key) ?? [];
    if (!Array.isArray(found)) throw wrong(key, 'a list');
    return found;
  };
  return {
    where,
    entries,
    text,
    optionalText: (key) => (absent(key) ? null : text(key)),
    number,
    optionalNumber: (key) => (absent(key) ? null : number(key)),
    mapping: (key) => (absent(key) ? null : fields(entries.get(key), `${where}.${key}`)),
    list: (key) => array(key).map((item, index) => fields(item, `${where}.${key}[${index}]`)),
    texts: (key) =>
      array(key).map((item) => {
        if (typeof item !== 'string') throw wrong(key, 'a list of texts');
        return item;
      }),
  };
}
