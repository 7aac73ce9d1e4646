import { parseArgs } from 'node:util';
import { declaredStacks } from './declared.ts';
import { present } from './deploy/absent-nodes.ts';
import { inWords, program } from './say.ts';
import { buildApp } from './terraform/synth.ts';

/** `npm run synth`, which cdktf.json calls too: writes each stack's cdk.tf.json to cdktf.out, or where CDKTF_OUTDIR says. */
await program(() => {
  const { values } = parseArgs({
    options: { plan: { type: 'string', default: process.env['GREENFLOPS_PLAN'] ?? 'plan' } },
  });
  const declared = declaredStacks(values.plan);
  const destroyLedger = process.env['GREENFLOPS_DESTROY_LEDGER']; // set by `npm run destroy -- --ledger SITE` for its run alone
  const app = buildApp(present(declared, process.env), undefined, destroyLedger);
  app.synth();
  const ids = declared.map(({ id }) => id).join(' ');
  console.log(
    inWords({
      zh: `${declared.length} 个栈已写入 ${app.outdir}：${ids}`,
      en: `${declared.length} stacks written to ${app.outdir}: ${ids}`,
    }),
  );
});
