import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One import, as paths from the repository's root: `{ from: 'exporter/run.ts', to: 'model/plan.ts' }`. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Which packages of the house each package may import besides itself. What is not listed here (test, bench) may import all. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  model: [],
  twin: [],
  infra: ['model'],
  exporter: ['model'],
  dashboards: ['model'],
  alerts: ['model'],
};

/** The exporter from the bottom up: data walks upwards through the layers, so a file imports its own rank and lower ones. */
const ranks = [
  'exporter/clock.ts',
  'exporter/read/',
  'exporter/judge/',
  'exporter/account/',
  'exporter/publish/',
  'exporter/',
];
const rank = (path: string) => ranks.findIndex((start) => path.startsWith(start));

const house = '@greenflops/';
// Static, dynamic and type imports, re-exports and require: what an erased import names is a dependency too.
const specifier = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])(?<name>(?:\.|@greenflops\/)[^'"\n]*)\1/g;

/** The house's own modules that a source text imports; packages and node: built-ins are not the graph's concern. */
export function importsOf(from: string, text: string): Import[] {
  return [...text.matchAll(specifier)].map(({ groups }) => {
    const name = groups?.['name'] ?? '';
    const to = name.startsWith(house) ? name.slice(house.length) : posix.join(posix.dirname(from), name);
    return { from, to };
  });
}

/** Every import between files of the packages that the rules name, read from the repository at `root`. */
export function importGraph(root: string): Import[] {
  const folders = Object.keys(mayImport).filter((folder) => existsSync(join(root, folder)));
  const files = globSync(
    folders.map((folder) => `${folder}/**/*.{ts,mts,js,mjs}`),
    { cwd: root, exclude: (name) => name === 'node_modules' },
  );
  return files.sort().flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));
}

/** What breaks the rules of the house, one line each; none when the list is empty. */
export function violations(graph: readonly Import[]): string[] {
  return graph.flatMap(({ from, to }) => {
    const [home = '', target = ''] = [from, to].map((path) => path.split('/')[0]);
    const others = mayImport[home];
    if (others === undefined || others.includes(target)) return [];
    if (target !== home)
      return [`${from} imports ${to}: ${home} may import ${others.join(', ') || 'nobody of the house'}`];
    return rank(to) > rank(from)
      ? [`${from} imports ${to}: the exporter walks read -> judge -> account -> publish`]
      : [];
  });
}
