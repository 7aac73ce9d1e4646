// npm run build: writes everything that is generated and committed. `npm run check` says where that changes a byte.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alertFiles } from './alerts/alert-files.ts';
import { boards } from './dashboards/boards.ts';
import { metricReference } from './docs/metric-reference.ts';
import { loadPlan } from './model/load.ts';
import type { Plan } from './model/plan.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The one list in which a generator is registered: paths from the repository's root -> texts. */
const generators: readonly ((plan: Plan) => ReadonlyMap<string, string>)[] = [boards, alertFiles, metricReference];
/** Folders of which every file is generated: one that no generator writes any more goes. */
const folders = ['dashboards/generated', 'alerts/generated'];

interface Change {
  readonly path: string;
  readonly why: string;
  /** null: the file goes */
  readonly text: string | null;
}

/** What a build would change. */
function changes(): Change[] {
  const plan = loadPlan(join(root, 'plan'));
  const files = new Map(generators.flatMap((generate) => [...generate(plan)]));
  const changed = [...files].flatMap(([path, text]) => {
    const file = join(root, path);
    if (!existsSync(file)) return [{ path, text, why: 'missing' }];
    return readFileSync(file, 'utf8') === text ? [] : [{ path, text, why: 'differs from its source' }];
  });
  const left = folders
    .flatMap((folder) => globSync(`${folder}/**/*.*`, { cwd: root }))
    .filter((path) => !files.has(path))
    .map((path) => ({ path, text: null, why: 'nothing generates it' }));
  return [...changed, ...left];
}

/** Generated files that are not what their sources say, one line each. */
export const outdated = (): string[] => changes().map(({ path, why }) => `${path}: ${why}; run npm run build`);

function build(): void {
  const list = changes();
  for (const { path, text } of list) {
    console.log(path);
    if (text === null) rmSync(join(root, path));
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
  console.log(`${list.length} generated file(s) changed`);
}

if (import.meta.main) build();
