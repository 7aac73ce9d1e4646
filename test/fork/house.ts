import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** What the stacks are made from; alerts and dashboards are read as data. */
const FOLDERS = ['infra', 'model', 'plan', 'alerts', 'dashboards'];

/**
 * A copy of the house in `folder` in which the packages of `modules` stand before its own. A copy, because Node looks for
 * packages where a file really lies.
 */
export function moveHouse(folder: string, modules: string): void {
  for (const name of FOLDERS)
    cpSync(join(root, name), join(folder, name), { recursive: true, filter: (path) => !path.includes('node_modules') });
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['infra'] }));
  cpSync(join(root, 'infra/package.json'), join(folder, 'package.json')); // "type": "module"
  mkdirSync(join(folder, 'node_modules'));
  const visible = (at: string) => readdirSync(at).filter((name) => !name.startsWith('.'));
  const first = new Set(visible(modules));
  for (const name of first) symlinkSync(join(modules, name), join(folder, 'node_modules', name));
  const home = join(root, 'node_modules');
  for (const name of visible(home))
    if (!first.has(name)) symlinkSync(join(home, name), join(folder, 'node_modules', name));
}

/**
 * `synth` of the house in `house` (this one, or a copy), written to `out`: the ids of its stacks. The folder `cwd` stands
 * in the result: Terraform's state goes there.
 */
export async function synth(house: string, plan: string, out: string, cwd: string): Promise<string[]> {
  await run(process.execPath, [join(house, 'infra/main.ts'), '--plan', plan], {
    cwd,
    env: { ...process.env, CDKTF_OUTDIR: out },
  });
  return readdirSync(join(out, 'stacks')).toSorted();
}

/** The types of infra/ and of what it imports; rejects with the compiler's words. */
export async function typecheck(house: string): Promise<void> {
  await run(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', '.'], { cwd: house }).catch((error: unknown) => {
    throw new Error((error as { stdout?: string }).stdout || String(error), { cause: error });
  });
}

export { root };
