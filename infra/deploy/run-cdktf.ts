import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { inWords, Stop } from '../say.ts';
import { cdktf, installCli } from './install.ts';
import type { Options } from './options.ts';
import { missingProvider } from './terraform.ts';

/** No program of this run asks its maker for news; the kubeconfig is the one that kubectl takes. */
const environment = {
  CHECKPOINT_DISABLE: '1',
  DISABLE_VERSION_CHECK: '1',
  ...(process.env['KUBECONFIG'] && { TF_VAR_kubeconfig: process.env['KUBECONFIG'] }),
};

/** One run of cdktf for each list of stacks, with the Node that it needs. Throws Stop where one fails. */
export async function runCdktf(
  verb: string,
  runs: readonly (readonly string[])[],
  { plan, words, autoApprove }: Options,
  more: NodeJS.ProcessEnv = {},
): Promise<void> {
  await installCli();
  let child: ChildProcess | undefined;
  // Ctrl-C reaches Terraform by itself, and it ends what it has begun; this program waits for that.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child?.kill('SIGTERM'));
  for (const stacks of runs) {
    const approve = autoApprove && verb !== 'diff' ? ['--auto-approve'] : [];
    const args = [cdktf.script, verb, ...stacks, ...words, ...approve, '--skip-provider-lock'];
    child = spawn(cdktf.node, args, {
      stdio: 'inherit',
      env: { ...environment, ...process.env, ...more, GREENFLOPS_PLAN: plan },
    });
    const [code]: unknown[] = await once(child, 'exit');
    if (code === 0) continue;
    const missing = missingProvider();
    if (missing) console.error(inWords(missing));
    throw new Stop({ zh: `cdktf ${verb} 失败，原因见上`, en: `cdktf ${verb} failed; the reason stands above` });
  }
}
