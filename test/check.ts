import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { outdated } from '../build.ts';
import { importGraph, violations } from './imports.ts';
import { tally } from './tally.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
Error.stackTraceLimit = 0; // the findings are the message; where in this file they were raised helps nobody

/** Runs a tool of node_modules/.bin at the root; rejects with what it printed. */
async function tool(command: string): Promise<string> {
  const [file = '', ...args] = command.split(' ');
  try {
    const { stdout } = await promisify(execFile)(file, args, { cwd: root, maxBuffer: 64 << 20 });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }; // absent where the tool did not start
    throw new Error([command, stdout, stderr].filter(Boolean).join('\n'), { cause: error });
  }
}

function expectNone(findings: readonly string[]): void {
  if (findings.length > 0) throw new Error(`${findings.length} found\n${findings.join('\n')}`);
}

/** Lines that match, as `path:line: text`, of the files that git tracks or would track; binary files have none. */
async function linesWith(pattern: RegExp, pathspec: string): Promise<string[]> {
  const files = (await tool(`git ls-files -z --cached --others --exclude-standard -- ${pathspec}`))
    .split('\0')
    .filter(Boolean);
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(`${root}/${file}`, 'utf8').catch(() => ''); // removed, but still in the index
      if (text.includes('\0')) return [];
      return text
        .split('\n')
        .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}: ${line.trim().slice(0, 160)}`] : []));
    }),
  );
  return found.flat();
}

// A path of the machine on which a file was written; the path inside a URL or a longer path is none.
const machinePath = /(?<![\w.\-/])\/(?:work|root|home|Users)\/[\w.]/;

await tally('check', [
  ['format: oxfmt --check', () => tool('oxfmt --check')],
  ['lint: oxlint --type-aware', () => tool('oxlint --type-aware')],
  ['types: tsc', () => tool('tsc -p .')],
  ['nothing unused: knip', () => tool('knip')],
  ['boards, rules and docs are what their sources say', () => expectNone(outdated())],
  ['imports keep the rules of the house', () => expectNone(violations(importGraph(root)))],
  [
    'lock files hold no download address',
    async () => expectNone(await linesWith(/"resolved": "https?:/, '*package-lock.json')),
  ],
  ['no path of a machine in the repository', async () => expectNone(await linesWith(machinePath, '.'))],
]);
