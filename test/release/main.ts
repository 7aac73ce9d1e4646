// npm run release-check: the proofs that are too long for a merge, whole; prints what each one said last and writes the
// table to docs/release-check.md, with date and commit.
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';

/** npm script, its environment, and how many of its last lines say what was shown. */
const parts: readonly (readonly [script: string, env: Readonly<Record<string, string>>, lines: number])[] = [
  ['test:crash', { GREENFLOPS_KILLS: '1000' }, 2],
  ['test:year', {}, 5],
  ['test:fuzz', { GREENFLOPS_FUZZ: '1000000' }, 20],
  ['test:soak', { GREENFLOPS_SOAK_HOURS: '24' }, 20],
  ['test:cluster', { GREENFLOPS_NODES: '10000' }, 20],
  ['test:mutations', {}, 1],
  ['bench', {}, 40],
];

const rows: string[] = [];
let failed = 0;
for (const [script, env, lines] of parts) {
  const began = performance.now();
  const child = spawn('npm', ['run', '--silent', script], {
    env: { ...process.env, ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    process.stdout.write(part);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) failed += 1;
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  const last = text.trimEnd().split('\n').slice(-lines);
  rows.push(
    `## npm run ${script}\n\n${minutes} min, exit code ${code ?? 'none'}\n\n\`\`\`\n${last.join('\n')}\n\`\`\``,
  );
}
const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
const head = `# Release check\n\n${new Date().toISOString().slice(0, 10)}, commit ${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ' with changes'}.`;
writeFileSync('docs/release-check.md', `${[head, ...rows].join('\n\n')}\n`);
console.log(`${parts.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
