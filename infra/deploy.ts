import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cdktf, installCli } from './deploy/install.ts';
import { missingProvider, requireTerraform } from './deploy/terraform.ts';
import { verbs } from './deploy/verbs.ts';
import { declaredStacks } from './declared.ts';
import { inWords, program, Stop } from './say.ts';

/** No program of this run asks its maker for news; the kubeconfig is the one that kubectl takes. */
const environment = {
  CHECKPOINT_DISABLE: '1',
  DISABLE_VERSION_CHECK: '1',
  ...(process.env['KUBECONFIG'] && { TF_VAR_kubeconfig: process.env['KUBECONFIG'] }),
};

/** `--plan DIR` is ours, every other word is cdktf's; its app, synth, gets the folder by the environment. */
function takePlan(given: readonly string[]): { plan: string; words: string[] } {
  const at = given.findIndex((word) => word === '--plan' || word.startsWith('--plan='));
  const [, inline] = given[at]?.split('=') ?? [];
  const plan = at < 0 ? process.env['GREENFLOPS_PLAN'] : (inline ?? given[at + 1]);
  return { plan: plan || 'plan', words: at < 0 ? [...given] : given.toSpliced(at, inline === undefined ? 2 : 1) };
}

/** `npm run deploy|diff|destroy -- [--plan DIR] [stack…] [flags of cdktf]`: cdktf's command line with the Node that it needs. */
await program(async () => {
  const [verb = '', ...given] = process.argv.slice(2);
  const { plan, words } = takePlan(given);
  const choose = verbs[verb];
  if (!choose)
    throw new Stop({
      zh: '用法：deploy|diff|destroy [--plan 目录] [栈…] [cdktf 的选项]',
      en: 'usage: deploy|diff|destroy [--plan DIR] [stack…] [flags of cdktf]',
    });
  requireTerraform();
  // cdktf asks on a terminal, and would end with a stack trace where there is none.
  if (verb !== 'diff' && !process.stdin.isTTY && !words.includes('--auto-approve'))
    throw new Stop({
      zh: `${verb} 会在终端上请求确认，而这里没有终端：请在终端中运行，或加上 -- --auto-approve`,
      en: `${verb} asks for approval on a terminal, and there is none here: run it on one, or add -- --auto-approve`,
    });
  const named = words.length > 0 && !words[0]?.startsWith('-');
  // Read here too, so that a broken declaration is told at once and in words.
  const runs = named ? [[]] : choose(declaredStacks(plan));
  await installCli();
  let child: ChildProcess | undefined;
  // Ctrl-C reaches Terraform by itself, and it ends what it has begun; this program waits for that.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child?.kill('SIGTERM'));
  for (const stacks of runs) {
    const args = [cdktf.script, verb, ...stacks, ...words, '--skip-provider-lock'];
    child = spawn(cdktf.node, args, {
      stdio: 'inherit',
      env: { ...environment, ...process.env, GREENFLOPS_PLAN: plan },
    });
    const [code]: unknown[] = await once(child, 'exit');
    if (code === 0) continue;
    const missing = missingProvider();
    if (missing) console.error(inWords(missing));
    throw new Stop({ zh: `cdktf ${verb} 失败，原因见上`, en: `cdktf ${verb} failed; the reason stands above` });
  }
});
