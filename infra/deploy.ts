import { matchesGlob } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { applyStacks, destroyStacks, prune, takeOut } from './change/apply.ts';
import { guard, removalOfDeploy, removalOfDestroy } from './change/guard.ts';
import { confirmLedger, exportLedger } from './change/ledger.ts';
import { Kubectl } from './change/kubectl.ts';
import type { Observed } from './change/observe.ts';
import { survey, tellChanges } from './change/survey.ts';
import { declaredStacks, type DeclaredStack } from './declared.ts';
import { namedStacks, readOptions, type Options } from './deploy/options.ts';
import { runCdktf } from './deploy/run-cdktf.ts';
import { requireTerraform } from './deploy/terraform.ts';
import { verbs } from './deploy/verbs.ts';
import { inWords, program, Stop } from './say.ts';

/** What one run is about. */
interface Run {
  readonly options: Options;
  readonly declared: readonly DeclaredStack[];
  /** Those named, or all that the verb means */
  readonly chosen: readonly DeclaredStack[];
  /** true: no stack was named */
  readonly whole: boolean;
}

const FINDINGS = 3;

function choose(verb: string, declared: readonly DeclaredStack[], options: Options): Pick<Run, 'chosen' | 'whole'> {
  const named = namedStacks(options);
  if (named.length === 0) {
    const ids = new Set((verbs[verb]?.(declared) ?? []).flat());
    return { chosen: declared.filter(({ id }) => ids.has(id)), whole: true };
  }
  const unknown = named.find((pattern) => !declared.some(({ id }) => matchesGlob(id, pattern)));
  if (unknown !== undefined)
    throw new Stop({
      zh: `没有名为 ${unknown} 的栈；声明中有：${declared.map(({ id }) => id).join(' ')}`,
      en: `no stack is called ${unknown}; declared are ${declared.map(({ id }) => id).join(' ')}`,
    });
  return { chosen: declared.filter(({ id }) => named.some((pattern) => matchesGlob(id, pattern))), whole: false };
}

function by({ kubectl }: Options): void {
  console.log(
    kubectl
      ? inWords({
          zh: '方式：kubectl（服务端应用，字段管理者 greenflops），不用 Terraform',
          en: 'by kubectl (server-side apply, field manager greenflops), without Terraform',
        })
      : inWords({ zh: '方式：Terraform（cdktf）', en: 'by Terraform (cdktf)' }),
  );
}

async function diff({ options, declared, chosen }: Run): Promise<void> {
  const any = tellChanges(await survey(declared, chosen), options.plan);
  if (options.terraform)
    await runCdktf(
      'diff',
      chosen.map(({ id }) => [id]),
      withoutNames(options),
    );
  if (any) process.exitCode = FINDINGS;
}

async function deploy({ options, declared, chosen, whole }: Run): Promise<void> {
  by(options);
  const observed = options.kubectl || !options.unguarded ? await survey(declared, chosen) : [];
  if (options.kubectl) {
    const any = tellChanges(observed, options.plan);
    if (!any) return;
    await approve(options, { zh: '部署', en: 'deploy' });
  }
  const undo = options.unguarded || !whole ? [] : await guards(observed, options, removalOfDeploy);
  if (options.kubectl) {
    for (const one of observed) {
      await applyStacks({ ...one, stacks: chosen.filter(({ cluster }) => cluster.id === one.view.cluster.id) });
      await takeOut(one);
      if (whole) await prune(one);
    }
  } else await runCdktf('deploy', [chosen.map(({ id }) => id)], withoutNames(options));
  for (const lift of undo) await lift();
}

async function destroy(run: Run): Promise<void> {
  const { options, declared, chosen, whole } = run;
  by(options);
  if (options.ledger !== undefined) return destroyLedger(run, options.ledger);
  const kept = chosen.find(({ stack }) => stack.keep);
  if (kept)
    throw new Stop({
      zh: `${kept.id} 是账本，destroy 不动它；要销毁它：npm run destroy -- --ledger ${kept.cluster.site}`,
      en: `${kept.id} is a ledger, which destroy leaves alone; to destroy it: npm run destroy -- --ledger ${kept.cluster.site}`,
    });
  const observed = options.kubectl || !options.unguarded ? await survey(declared, chosen) : [];
  if (options.kubectl)
    await approve(options, {
      zh: `销毁 ${chosen.map(({ id }) => id).join(' ')}`,
      en: `destroy ${chosen.map(({ id }) => id).join(' ')}`,
    });
  if (!options.unguarded)
    await guards(observed, options, (one) =>
      removalOfDestroy(
        one,
        chosen.filter(({ cluster }) => cluster.id === one.view.cluster.id),
      ),
    );
  if (options.kubectl) {
    for (const one of observed)
      await destroyStacks(
        one,
        chosen.filter(({ cluster }) => cluster.id === one.view.cluster.id),
        whole,
      );
  } else await runCdktf('destroy', [chosen.map(({ id }) => id)], withoutNames(options));
}

async function destroyLedger({ options, declared }: Run, site: string): Promise<void> {
  const own = declared.filter(
    ({ view, stack }) => view.site.id === site && (stack.keep || stack.after.includes('ledger')),
  );
  const ledger = own.find(({ stack }) => stack.keep);
  if (!ledger)
    throw new Stop({
      zh: `声明中的园区 ${site} 没有账本；有账本的园区：${declared.flatMap(({ stack, view }) => (stack.keep ? [view.site.id] : [])).join(' ')}`,
      en: `the site ${site} has no ledger in the declaration; these have: ${declared.flatMap(({ stack, view }) => (stack.keep ? [view.site.id] : [])).join(' ')}`,
    });
  await confirmLedger(site, options.confirm);
  const kubectl = new Kubectl(ledger.cluster.context);
  await exportLedger(kubectl, site, options.plan, options.exports);
  if (options.kubectl) {
    const [one] = await survey(declared, [ledger]);
    if (one) await destroyStacks(one, own, false);
  } else
    await runCdktf(
      'destroy',
      [own.map(({ id }) => id)],
      { ...withoutNames(options), autoApprove: true },
      { GREENFLOPS_DESTROY_LEDGER: site },
    );
  console.log(
    inWords({
      zh: `账本已销毁。卷仍在（reclaimPolicy Retain）：kubectl --context ${ledger.cluster.context} get persistentvolumes`,
      en: `the ledger is destroyed. Its volume stays (reclaim policy Retain): kubectl --context ${ledger.cluster.context} get persistentvolumes`,
    }),
  );
}

/** The names were taken to choose by; cdktf gets the stacks themselves. */
const withoutNames = (options: Options): Options => ({
  ...options,
  words: options.words.slice(namedStacks(options).length),
});

async function guards(
  observed: readonly Observed[],
  { drain, drainTimeout }: Options,
  removal: (one: Observed) => ReturnType<typeof removalOfDeploy>,
) {
  const undo = [];
  for (const one of observed) undo.push(await guard(one, removal(one), { drain, seconds: drainTimeout }));
  return undo;
}

async function approve({ autoApprove }: Options, what: { zh: string; en: string }): Promise<void> {
  if (autoApprove) return;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal
    .question(inWords({ zh: `确认${what.zh}？输入 yes 继续：`, en: `${what.en}? Type yes to go on: ` }))
    .finally(() => terminal.close());
  if (answer.trim() !== 'yes') throw new Stop({ zh: '已取消，未作任何改动', en: 'given up; nothing was changed' });
}

/** How to go about each verb. */
const ways: Readonly<Record<string, (run: Run) => Promise<void>>> = { deploy, diff, destroy };

/** `npm run deploy|diff|destroy -- [--plan DIR] [stack…] [our options] [flags of cdktf]`. */
await program(async () => {
  const [verb = '', ...given] = process.argv.slice(2);
  const options = readOptions(given);
  const way = ways[verb];
  if (!way)
    throw new Stop({
      zh: '用法：deploy|diff|destroy [栈…] [--plan 目录] [--kubectl] [--drain [--drain-timeout 秒]] [--unguarded]，diff 另有 --terraform，destroy 另有 --ledger 园区 [--confirm 园区] [--exports 目录]；其余选项交给 cdktf',
      en: 'usage: deploy|diff|destroy [stack…] [--plan DIR] [--kubectl] [--drain [--drain-timeout SECONDS]] [--unguarded]; diff also --terraform, destroy also --ledger SITE [--confirm SITE] [--exports DIR]; every other flag is cdktf’s',
    });
  if (options.kubectl ? false : verb !== 'diff' || options.terraform) requireTerraform();
  // Both ways ask on a terminal, and cdktf would end with a stack trace where there is none.
  if (verb !== 'diff' && !process.stdin.isTTY && !options.autoApprove)
    throw new Stop({
      zh: `${verb} 会在终端上请求确认，而这里没有终端：请在终端中运行，或加上 -- --auto-approve`,
      en: `${verb} asks for approval on a terminal, and there is none here: run it on one, or add -- --auto-approve`,
    });
  // Read here too, so that a broken declaration is told at once and in words.
  const declared = declaredStacks(options.plan);
  await way({ options, declared, ...choose(verb, declared, options) });
});
