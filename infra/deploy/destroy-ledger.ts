import { destroyStacks } from '../change/apply.ts';
import { Kubectl } from '../change/kubectl.ts';
import { confirmLedger, exportLedger } from '../change/ledger.ts';
import { survey } from '../change/survey.ts';
import { inWords, Stop } from '../say.ts';
import { requireOneWay } from './other-way.ts';
import { reach, requireReach } from './reach.ts';
import type { Run } from './run.ts';
import { runCdktf } from './run-cdktf.ts';

/** Exports a site's ledger, proves the copy and only then destroys it with its exporter. Throws Stop where any step fails. */
export async function destroyLedger({ options, declared }: Run, site: string): Promise<void> {
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
  requireReach(await reach(declared, own, options.plan));
  const observed = await survey(declared, [ledger]);
  requireOneWay(observed, own, options);
  await exportLedger(new Kubectl(ledger.cluster.context), site, options.plan, options.exports);
  if (options.kubectl) for (const one of observed) await destroyStacks(one, own, false);
  else
    await runCdktf(
      'destroy',
      [own.map(({ id }) => id)],
      { ...options, autoApprove: true },
      { GREENFLOPS_DESTROY_LEDGER: site },
    );
  console.log(
    inWords({
      zh: `账本已销毁。卷仍在（reclaimPolicy Retain）：kubectl --context ${ledger.cluster.context} get persistentvolumes`,
      en: `the ledger is destroyed. Its volume stays (reclaim policy Retain): kubectl --context ${ledger.cluster.context} get persistentvolumes`,
    }),
  );
}
