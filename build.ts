// npm run build [-- --plan DIR --out DIR]: writes everything that is generated and committed, or a folder with the
// boards, rules and docs of another declaration. `npm run check` says where the former changes a byte.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { alertFiles } from './alerts/alert-files.ts';
import { benchPages } from './bench/pages.ts';
import { readRecord } from './bench/record.ts';
import { boards } from './dashboards/boards.ts';
import { controlMatrixPages } from './docs/compliance/control-matrix.ts';
import { deployPages } from './docs/deploy/pages.ts';
import { otherExporterPages } from './docs/devices/other-exporters.ts';
import { vendorPages } from './docs/devices/vendors.ts';
import { energyPages } from './docs/energy/pages.ts';
import { metricReference } from './docs/metric-reference.ts';
import { schedulingPages } from './docs/scheduling/pages.ts';
import { loadPlan } from './model/load.ts';
import type { Plan } from './model/plan.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The one list in which a generator is registered: paths from the repository's root -> texts. */
const generators: readonly ((plan: Plan) => ReadonlyMap<string, string>)[] = [
  boards,
  alertFiles,
  metricReference,
  energyPages,
  vendorPages,
  otherExporterPages,
  controlMatrixPages,
  deployPages,
  schedulingPages,
  () => benchPages(readRecord()),
];
/** Folders of which every file is generated: one that no generator writes any more goes. */
const folders = ['dashboards/generated', 'alerts/generated'];

interface Change {
  readonly path: string;
  readonly why: string;
  /** null: the file goes */
  readonly text: string | null;
}

/** What a build of the declaration in `dir` would change in the folder `out`. */
function changes(dir: string, out: string): Change[] {
  const plan = loadPlan(dir);
  const files = new Map(generators.flatMap((generate) => [...generate(plan)]));
  const changed = [...files].flatMap(([path, text]) => {
    const file = join(out, path);
    if (!existsSync(file)) return [{ path, text, why: 'missing' }];
    return readFileSync(file, 'utf8') === text ? [] : [{ path, text, why: 'differs from its source' }];
  });
  const left = folders
    .flatMap((folder) => globSync(`${folder}/**/*.*`, { cwd: out }))
    .filter((path) => !files.has(path))
    .map((path) => ({ path, text: null, why: 'nothing generates it' }));
  return [...changed, ...left];
}

/** Generated files that are not what their sources say, one line each. */
export const outdated = (): string[] =>
  changes(join(root, 'plan'), root).map(({ path, why }) => `${path}: ${why}; run npm run build`);

function build(): void {
  const { values } = parseArgs({ options: { plan: { type: 'string' }, out: { type: 'string' } } });
  const { plan = process.env['GREENFLOPS_PLAN'] } = values;
  // The committed files are those of the committed declaration.
  const { out = plan ? 'var/build' : root } = values;
  const list = changes(plan || join(root, 'plan'), out);
  for (const { path, text } of list) {
    console.log(path);
    if (text === null) rmSync(join(out, path));
    else {
      mkdirSync(dirname(join(out, path)), { recursive: true });
      writeFileSync(join(out, path), text);
    }
  }
  console.log(`${list.length} generated file(s) changed in ${out}`);
}

if (import.meta.main) build();
