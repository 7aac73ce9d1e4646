import { parseArgs } from 'node:util';
import { ask, conclude, tally } from '../../model/checkup.ts';
import { loadPlan } from '../../model/load.ts';
import { siteSlices } from '../../model/site-slice.ts';
import { clusters } from '../cluster.ts';
import { declaredStacks } from '../declared.ts';
import { inWords, program } from '../say.ts';
import { objectsOf, placeIn, Reader, type Here, type There } from './context.ts';
import { here } from './here/index.ts';
import { there } from './there/index.ts';

const REGISTRY = 'https://registry.terraform.io/.well-known/terraform.json';

const reachesRegistry = async (): Promise<boolean> => {
  try {
    return (await fetch(REGISTRY, { signal: AbortSignal.timeout(3000) })).ok;
  } catch {
    return false;
  }
};

/** `greenflops doctor --deploy [--kubectl]`: what stands between the declaration and its clusters. Ends with 3 where anything is to mend. */
await program(async () => {
  const { values } = parseArgs({
    options: {
      plan: { type: 'string', default: process.env['GREENFLOPS_PLAN'] ?? 'plan' },
      kubectl: { type: 'boolean', default: false },
    },
  });
  const { plan: dir, kubectl } = values;
  const plan = loadPlan(dir);
  const declared = declaredStacks(dir);
  const count = tally();
  const machine: Here = {
    plan,
    environment: process.env,
    outdir: process.env['CDKTF_OUTDIR'] ?? 'cdktf.out',
    where: placeIn(dir),
    reachesRegistry,
  };
  await ask(inWords({ zh: '本机', en: 'this machine' }), here(kubectl), machine, count);
  const seen = new Map<string, string>();
  const estate = clusters(plan, siteSlices(dir)).map((view) => ({
    view,
    objects: objectsOf(declared, view.cluster.id),
    reader: new Reader(view.cluster.context),
  }));
  for (const one of estate) {
    const { id, context } = one.view.cluster;
    const cluster: There = { ...machine, ...one, estate, now: Date.now, seen };
    await ask(
      inWords({ zh: `集群 ${id}（context ${context}）`, en: `cluster ${id} (context ${context})` }),
      there(one.view.cluster),
      cluster,
      count,
    );
  }
  process.exitCode = conclude(count);
});
