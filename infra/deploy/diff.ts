import { survey, tellChanges } from '../change/survey.ts';
import { absentNodes, leaveOut } from './absent-nodes.ts';
import { claimLines } from './claims.ts';
import { removalOfDeploy } from '../change/guard.ts';
import { reach, tellReach } from './reach.ts';
import type { Run } from './run.ts';
import { runCdktf } from './run-cdktf.ts';

const FINDINGS = 3;

/** Tells what a deploy would change: 3 where anything would, 1 where a cluster cannot be asked; the others are told all the same. */
export async function diff({ options, declared, chosen }: Run): Promise<void> {
  const reached = await reach(declared, chosen, options.plan);
  tellReach(reached);
  const there = chosen.filter(({ cluster }) => !reached.unreachable.has(cluster.id));
  const observed = await survey(declared, there);
  const any = tellChanges(observed, options.plan);
  for (const one of observed) await claimLines(one, removalOfDeploy(one).namespaces);
  if (options.terraform)
    await runCdktf(
      'diff',
      there.map(({ id }) => [id]),
      options,
      leaveOut(absentNodes(observed, there)),
    );
  if (reached.unreachable.size > 0) process.exitCode = 1;
  else if (any || reached.mistaken.length > 0) process.exitCode = FINDINGS;
}
