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

/** `npm run deploy|diff|destroy -- [stack…] [flags of cdktf]`: cdktf's command line with the Node that it needs. */
await program(async () => {
  const [verb = '', ...words] = process.argv.slice(2);
  const choose = verbs[verb];
  if (!choose) throw new Stop({ zh: '用法：deploy|diff|destroy [栈…]', en: 'usage: deploy|diff|destroy [stack…]' });
  requireTerraform();
  const named = words.length > 0 && !words[0]?.startsWith('-');
  // Read here too, so that a broken declaration is told at once and in words.
  const runs = named ? [[]] : choose(declaredStacks(process.env['GREENFLOPS_PLAN'] ?? 'plan'));
  await installCli();
  let child: ChildProcess | undefined;
  // Ctrl-C reaches Terraform by itself, and it ends what it has begun; this program waits for that.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child?.kill('SIGTERM'));
  for (const stacks of runs) {
    const args = [cdktf.script, verb, ...stacks, ...words, '--skip-provider-lock'];
    child = spawn(cdktf.node, args, { stdio: 'inherit', env: { ...environment, ...process.env } });
    const [code]: unknown[] = await once(child, 'exit');
    if (code === 0) continue;
    const missing = missingProvider();
    if (missing) console.error(inWords(missing));
    throw new Stop({ zh: `cdktf ${verb} 失败，原因见上`, en: `cdktf ${verb} failed; the reason stands above` });
  }
});
