import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { inWords, Stop } from '../say.ts';
import { cdktf as cli, installCli } from './install.ts';
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
  { plan, stacks: named, cdktf: flags, autoApprove }: Options,
  more: NodeJS.ProcessEnv = {},
): Promise<void> {
  await installCli();
  let child: ChildProcess | undefined;
  // Ctrl-C reaches Terraform by itself, and it ends what it has begun; this program waits for that.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child?.kill('SIGTERM'));
  const terminal = process.stdout.isTTY;
  const plain = terminal || flags.includes('--no-color') ? flags : [...flags, '--no-color'];
  for (const stacks of runs) {
    const approve = autoApprove && verb !== 'diff' ? ['--auto-approve'] : [];
    // Its check wants every stack that a named one needs; those are there, or its objects are refused in words.
    const some = named.length > 0 && verb !== 'diff' ? ['--ignore-missing-stack-dependencies'] : [];
    const args = [cli.script, verb, ...stacks, ...plain, ...approve, ...some, '--skip-provider-lock'];
    child = spawn(cli.node, args, {
      stdio: 'inherit',
      // With CI its renderer draws no spinner, frame after frame, into a log.
      env: { ...environment, ...(!terminal && { CI: '1' }), ...process.env, ...more, GREENFLOPS_PLAN: plan },
    });
    const [code]: unknown[] = await once(child, 'exit');
    if (code === 0) continue;
    const missing = missingProvider();
    if (missing) console.error(inWords(missing));
    throw new Stop({ zh: `cdktf ${verb} 失败，原因见上`, en: `cdktf ${verb} failed; the reason stands above` });
  }
}
