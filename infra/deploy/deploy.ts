import { applyStacks, prune, replaceMerged, takeOut } from '../change/apply.ts';
import { guard, removalOfDeploy } from '../change/guard.ts';
import { survey, tellChanges } from '../change/survey.ts';
import { absentNodes, leaveOut } from './absent-nodes.ts';
import { claimLines } from './claims.ts';
import { requireInstalled } from './installed.ts';
import { requireOneWay } from './other-way.ts';
import { reach, requireReach } from './reach.ts';
import { approve, ofCluster, sayWay, type Run } from './run.ts';
import { runCdktf } from './run-cdktf.ts';

/** Tells what changes, asks, looks whether work would be lost, and writes. Throws Stop where any of it speaks against. */
export async function deploy({ options, declared, chosen, whole }: Run): Promise<void> {
  sayWay(options);
  requireReach(await reach(declared, chosen, options.plan));
  const observed = await survey(declared, chosen);
  requireInstalled(observed);
  requireOneWay(observed, chosen, options);
  const any = tellChanges(observed, options.plan);
  // What a cluster no longer holds is of its pools' stack, however that came to be chosen.
  const removals = observed.flatMap((one) => {
    const pools = ofCluster(chosen, one.view.cluster.id).some(({ stack }) => stack.name === 'pools');
    const removal = removalOfDeploy(one);
    // By kubectl a deploy of named stacks prunes nothing.
    const kept = options.kubectl && !whole;
    return pools ? [{ one, removal: kept ? { ...removal, namespaces: [] } : removal }] : [];
  });
  for (const { one, removal } of removals) await claimLines(one, removal.namespaces);
  if (options.kubectl) {
    if (!any) return;
    await approve(options, { zh: '部署', en: 'deploy' });
  }
  const undo = [];
  for (const { one, removal } of options.unguarded ? [] : removals)
    undo.push(await guard(one, removal, { drain: options.drain, seconds: options.drainTimeout }));
  if (options.kubectl) {
    for (const one of observed) {
      await applyStacks({ ...one, stacks: ofCluster(chosen, one.view.cluster.id) });
      await takeOut(one);
      if (whole) await prune(one);
    }
  } else {
    const ids = chosen.map(({ id }) => id);
    for (const one of observed) await replaceMerged(one);
    const absent = absentNodes(observed, chosen);
    await runCdktf('deploy', whole ? [ids] : ids.map((id) => [id]), options, leaveOut(absent));
  }
  for (const lift of undo) await lift();
}
