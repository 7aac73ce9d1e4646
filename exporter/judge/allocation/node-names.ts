const short = (name: string): string => name.split('.', 1)[0] ?? name;

/**
 * Finds the cluster's node that an exporter means: it tells the host's name, which may be written with capitals, with or
 * without its domain, while Kubernetes' names are in lower case. A short name that two nodes share means neither.
 */
export function nodeFinder(names: readonly string[]): (told: string) => string | null {
  const exact = new Map(names.map((name) => [name.toLowerCase(), name]));
  const byShort = Map.groupBy(names, (name) => short(name.toLowerCase()));
  return (told) => {
    const name = told.toLowerCase();
    const found = exact.get(name);
    if (found !== undefined) return found;
    const [only, ...more] = byShort.get(short(name)) ?? [];
    // two whole names with different domains are two nodes
    if (only === undefined || more.length > 0 || (name.includes('.') && only.includes('.'))) return null;
    return only;
  };
}
