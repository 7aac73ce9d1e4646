import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Answer } from '../kubectl.ts';
import { clusterTools } from '../tools.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface RunOptions {
  readonly plan: string;
  readonly kubeconfig: string;
  readonly language?: 'zh' | 'en';
  /** Goes before the PATH, for a stand-in */
  readonly path?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** `npm run VERB -- …` as its user runs it, with this plane's kubectl and no terminal; resolves whatever its exit code. */
export async function house(
  [verb = '', ...words]: readonly string[],
  { plan, kubeconfig, language = 'en', path, env }: RunOptions,
): Promise<Answer> {
  const tools = await clusterTools();
  const child = spawn(process.execPath, [`${root}/infra/deploy.ts`, verb, '--plan', plan, ...words], {
    cwd: root,
    env: {
      ...process.env,
      ...env,
      GREENFLOPS_LANG: language,
      KUBECONFIG: kubeconfig,
      PATH: [path, tools, process.env['PATH']].filter((one) => one !== undefined).join(':'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
