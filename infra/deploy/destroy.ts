import { destroyStacks } from '../change/apply.ts';
import { guard, removalOfDestroy } from '../change/guard.ts';
import { survey, tellChanges } from '../change/survey.ts';
import { Stop } from '../say.ts';
import { claimLines } from './claims.ts';
import { destroyLedger } from './destroy-ledger.ts';
import { afterDestroy } from './after-destroy.ts';
import { requireOneWay } from './other-way.ts';
import { reach, requireReach } from './reach.ts';
import { approve, ofCluster, sayWay, type Run } from './run.ts';
import { runCdktf } from './run-cdktf.ts';

/** Tells what goes, asks, looks whether work would be lost, and removes; ledgers stay. Throws Stop where any of it speaks against. */
export async function destroy(run: Run): Promise<void> {
  const { options, declared, chosen, whole } = run;
  sayWay(options);
  const { ledger } = options;
  if (ledger !== undefined) return destroyLedger(run, ledger);
  const kept = chosen.find(({ stack }) => stack.keep);
  if (kept)
    throw new Stop({
      zh: `${kept.id} 是账本，destroy 不动它；要销毁它：npm run destroy -- --ledger ${kept.cluster.site}`,
      en: `${kept.id} is a ledger, which destroy leaves alone; to destroy it: npm run destroy -- --ledger ${kept.cluster.site}`,
    });
  requireReach(await reach(declared, chosen, options.plan));
  const observed = await survey(declared, chosen);
  requireOneWay(observed, chosen, options);
  const going = observed.map((one) => {
    const own = ofCluster(chosen, one.view.cluster.id);
    return { one, own, removal: removalOfDestroy(one, own) };
  });
  const any = tellChanges(
    going.map(({ one, own }) => afterDestroy(one, own, whole)),
    options.plan,
  );
  for (const { one, removal } of going) await claimLines(one, removal.namespaces);
  if (options.kubectl) {
    if (!any) return;
    const ids = chosen.map(({ id }) => id).join(' ');
    await approve(options, { zh: `销毁 ${ids}`, en: `destroy ${ids}` });
  }
  for (const { one, removal } of options.unguarded ? [] : going)
    await guard(one, removal, { drain: options.drain, seconds: options.drainTimeout });
  if (options.kubectl) for (const { one, own } of going) await destroyStacks(one, own, whole);
  else {
    const ids = chosen.map(({ id }) => id);
    await runCdktf('destroy', whole ? [ids] : ids.toReversed().map((id) => [id]), options);
  }
}
