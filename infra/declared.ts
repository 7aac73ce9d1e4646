import { loadPlan } from '../model/load.ts';
import { siteSlices } from '../model/site-slice.ts';
import { requireAdmitted } from './admission/offline.ts';
import { marksObject, recordObject } from './change/record.ts';
import { clusters, type Cluster } from './cluster.ts';
import { deployNotes, requireDeployable } from './deployable.ts';
import type { KubernetesObject } from './kubernetes.ts';
import { requireTakenByKueue } from './queues/webhook-required.ts';
import { inWords } from './say.ts';
import { stacks } from './stacks/index.ts';
import { pools } from './stacks/pools.ts';
import type { Stack } from './stacks/stack.ts';

/** One stack of one cluster: what Terraform deploys and what `render` prints, from here alone. */
export interface DeclaredStack {
  /** `<cluster>-<stack>` */
  readonly id: string;
  readonly cluster: Cluster['cluster'];
  /** The cluster with its site, pools and tenants */
  readonly view: Cluster;
  readonly stack: Stack;
  readonly objects: readonly KubernetesObject[];
}

/** All stacks of the declaration in `dir`, in the order of their deployment. Throws PlanError. */
export function declaredStacks(dir: string): DeclaredStack[] {
  const plan = loadPlan(dir);
  requireDeployable(dir, plan);
  for (const note of deployNotes(plan)) console.error(inWords(note));
  const declared = clusters(plan, siteSlices(dir)).flatMap((view) =>
    stacks.flatMap((stack): DeclaredStack[] => {
      if (!stack.on.includes(view.cluster.role)) return [];
      const own = stack.objects(view);
      // A record is the last object of its stack: most of what it says is there by then. What a destroy leaves has none.
      const marks = own.length > 0 && !stack.keep ? [marksObject(stack.name, own)] : [];
      const objects = [...own, ...(stack === pools ? [recordObject(view, own)] : marks)];
      const { cluster } = view;
      return objects.length > 0 ? [{ id: `${cluster.id}-${stack.name}`, cluster, view, stack, objects }] : [];
    }),
  );
  requireTakenByKueue(declared, dir);
  requireAdmitted(declared, dir);
  return declared;
}
