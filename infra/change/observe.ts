import type { Cluster } from '../cluster.ts';
import type { DeclaredStack } from '../declared.ts';
import type { KubernetesObject, Labels, NodeLabels } from '../kubernetes.ts';
import type { Text } from '../../model/text.ts';
import { differences, type Change } from './difference.ts';
import { Kubectl } from './kubectl.ts';
import { keyOf, kindOf, nameOf } from './key.ts';
import { managedObjects, resourcesOf, type Live } from './live.ts';
import { missingProjects } from './missing.ts';
import { deployedBefore, recorded, type Record } from './record.ts';
import { strangersIn } from './strangers.ts';

export interface Node extends Live {
  readonly spec?: {
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly metadata: Live['metadata'] & { readonly labels?: Labels };
}

/** A cluster of the declaration beside what really is there. */
export interface Observed {
  readonly view: Cluster;
  /** All that are declared for it */
  readonly stacks: readonly DeclaredStack[];
  /** Those that this run is about */
  readonly chosen: readonly DeclaredStack[];
  readonly kubectl: Kubectl;
  readonly live: ReadonlyMap<string, Live>;
  readonly nodes: ReadonlyMap<string, Node>;
  /** What it was last deployed from */
  readonly record: Record | undefined;
  /** What a deploy of the chosen stacks would do */
  readonly changes: readonly Change[];
  /** What opens a tenant's namespace and is no part of the declaration; no deploy touches it */
  readonly strangers: readonly Live[];
  /** What the API server would refuse, in its own words */
  readonly refused: readonly Text[];
  /** Projects that are not installed there and whose kinds the chosen stacks make */
  readonly missing: readonly Text[];
}

export const isNodeLabels = (object: KubernetesObject): object is NodeLabels => object.kind === 'Node';

/** Reads a cluster and lets its API server say what a deploy would make of it; writes nothing. Throws Stop where it cannot be asked. */
export async function observe(
  stacks: readonly DeclaredStack[],
  chosen: readonly DeclaredStack[],
  view: Cluster,
): Promise<Observed> {
  const kubectl = new Kubectl(view.cluster.context);
  const declared = stacks.flatMap(({ objects }) => objects).filter((object) => !isNodeLabels(object));
  const resources = await resourcesOf(kubectl);
  const [live, nodes, namespaces] = await Promise.all([
    managedObjects(kubectl, resources, declared),
    kubectl.items<Node>(['get', 'nodes', '--show-managed-fields']),
    kubectl.items<Live>(['get', 'namespaces']),
  ]);
  const spaces = new Set(namespaces.map(({ metadata }) => metadata.name));
  const known = new Set(resources.keys());
  const asked = declared.filter(
    (object) => known.has(kindOf(object)) && spaces.has(object.metadata.namespace ?? object.metadata.name),
  );
  // Objects that stand above namespaces are asked about in any case; those of a namespace to come cannot be.
  const above = declared.filter(
    (object) => known.has(kindOf(object)) && object.metadata.namespace === undefined && object.kind !== 'Namespace',
  );
  const { would, refused, replace } = await dryRun(kubectl, live, [...new Set([...above, ...asked])]);
  // Some may be there without our label: taken over, not new.
  const strangers = declared.filter((object) => !live.has(keyOf(object)) && would.has(keyOf(object)));
  const found = new Map(live);
  for (const one of await existing(kubectl, strangers)) found.set(keyOf(one), one);
  const record = recorded(live);
  const changes = differences(declared, found, would, deployedBefore(live)).map((change) =>
    replace.has(keyOf(change.object)) ? { ...change, replace: true as const } : change,
  );
  return {
    view,
    stacks,
    chosen,
    kubectl,
    live,
    nodes: new Map(nodes.map((node) => [node.metadata.name, node])),
    record,
    changes: ofStacks(changes, stacks, chosen),
    strangers: await strangersIn(kubectl, namespaces, declared),
    refused,
    missing: missingProjects(
      view,
      chosen.flatMap(({ objects }) => objects),
      known,
      spaces,
    ),
  };
}

/** Those of the chosen stacks; what is to go belongs to none of them any more, and goes with a deploy of the whole. */
function ofStacks(
  changes: readonly Change[],
  stacks: readonly DeclaredStack[],
  chosen: readonly DeclaredStack[],
): readonly Change[] {
  const left = stacks.filter((stack) => !chosen.includes(stack) && !stack.stack.keep);
  if (left.length === 0) return changes;
  const keys = new Set(chosen.flatMap(({ objects }) => objects.map(keyOf)));
  const pools = chosen.some(({ stack }) => stack.name === 'pools');
  return changes.filter(({ action, object }) =>
    action === 'remove'
      ? pools && (object.kind === 'Namespace' || object.metadata.namespace !== undefined)
      : keys.has(keyOf(object)),
  );
}

export const applying = (manager = 'greenflops'): string[] => [
  'apply',
  '--server-side',
  '--force-conflicts',
  `--field-manager=${manager}`,
];

/** Writes an object whole, whatever stood in it; the object itself stays. */
export const replacing = ['replace', '--field-manager=greenflops'] as const;

export const stream = (objects: readonly KubernetesObject[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

/** kubectl processes at a time. */
const AT_ONCE = 4;

/**
 * What the server would make of the objects. One refusal hides the answers of all that are asked about together: then each
 * half is asked by itself, down to the one that is refused.
 */
async function dryRun(kubectl: Kubectl, live: ReadonlyMap<string, Live>, objects: readonly KubernetesObject[]) {
  const would = new Map<string, Live>();
  const replace = new Set<string>();
  const refusals = new Map<string, Text>();
  const dry = ['--dry-run=server', '--show-managed-fields', '-o', 'json', '-f', '-'];
  /** Resolves to those to ask about next. */
  async function ask(some: readonly KubernetesObject[]): Promise<(readonly KubernetesObject[])[]> {
    const whole = await kubectl.run([...applying(), ...dry], stream(some));
    if (whole.code === 0) {
      const answer = JSON.parse(whole.stdout) as { items?: readonly Live[] };
      for (const one of answer.items ?? [answer as Live]) would.set(keyOf(one), one);
      return [];
    }
    const half = Math.ceil(some.length / 2);
    const [object, ...others] = some;
    if (!object || others.length > 0) return [some.slice(0, half), some.slice(half)];
    const key = keyOf(object);
    // An apply merges sets: what somebody put in stays, and may not go with what is declared.
    const other = live.has(key) ? await kubectl.run([...replacing, ...dry], JSON.stringify(object)) : undefined;
    if (other?.code === 0) {
      replace.add(key);
      would.set(key, JSON.parse(other.stdout) as Live);
    } else
      refusals.set(key, {
        zh: `${nameOf(object)} 会被拒绝：${whole.stderr.trim()}`,
        en: `${nameOf(object)} would be refused: ${whole.stderr.trim()}`,
      });
    return [];
  }
  let left: (readonly KubernetesObject[])[] = objects.length > 0 ? [objects] : [];
  while (left.length > 0) {
    const next: typeof left = [];
    for (let i = 0; i < left.length; i += AT_ONCE)
      next.push(...(await Promise.all(left.slice(i, i + AT_ONCE).map(ask))).flat());
    left = next;
  }
  return { would, refused: objects.flatMap((object) => refusals.get(keyOf(object)) ?? []), replace };
}

async function existing(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<readonly Live[]> {
  if (objects.length === 0) return [];
  return kubectl.items<Live>(['get', '--ignore-not-found', '--show-managed-fields', '-f', '-'], stream(objects));
}
