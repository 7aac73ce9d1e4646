import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tally } from '../tally.ts';
import { mutations, type Mutation } from './mutations.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** A copy of what git tracks or would track, with the installed packages of this tree. */
async function copy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'greenflops-mutation-'));
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of stdout.split('\0').filter(Boolean)) {
    const target = join(folder, file);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(root, file), target).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // removed, but still in the index
    });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Runs one test by its exact name; true where it passed, false where it failed; throws where it was not found. */
async function passes(folder: string, { test, name }: Mutation): Promise<boolean> {
  if (!test.endsWith('.test.ts')) {
    return run('node', test.split(' '), { cwd: folder }).then(
      () => true,
      () => false,
    );
  }
  const pattern = `${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
  const report = join(folder, 'report.json');
  const args = [
    'run',
    test,
    '-t',
    pattern,
    '--reporter=json',
    `--outputFile=${report}`,
    '--config',
    'test/mutations/vitest.config.ts',
  ];
  await run('vitest', args, { cwd: folder }).catch(() => undefined); // a red test is an answer, the report says which
  const { numPassedTests: green, numFailedTests: red } = JSON.parse(await readFile(report, 'utf8')) as Record<
    string,
    number
  >;
  await rm(report);
  if ((green ?? 0) + (red ?? 0) === 0) throw new Error(`no test "${name}" ran in ${test}`);
  return red === 0;
}

const folder = await copy();
try {
  const known = new Map<string, boolean>();
  await tally(
    'mutations',
    mutations.map((mutation) => [
      mutation.title,
      async () => {
        const key = `${mutation.test}\n${mutation.name}`;
        if (!known.has(key)) known.set(key, await passes(folder, mutation));
        if (!known.get(key)) throw new Error(`"${mutation.name}" is red on the true tree already`);
        const path = join(folder, mutation.file);
        const truth = await readFile(path, 'utf8');
        const parts = truth.split(mutation.find);
        if (parts.length !== 2) throw new Error(`${mutation.file} holds ${parts.length - 1} times: ${mutation.find}`);
        await writeFile(path, parts.join(mutation.replace));
        try {
          if (await passes(folder, mutation)) throw new Error(`not found: "${mutation.name}" stayed green`);
        } finally {
          await writeFile(path, truth);
        }
      },
    ]),
  );
} finally {
  await rm(folder, { recursive: true });
}
