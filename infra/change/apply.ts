import type { DeclaredStack } from '../declared.ts';
import { inWords } from '../say.ts';
import { exporter } from '../stacks/exporter.ts';
import type { Kubectl } from './kubectl.ts';
import { keyOf, kindOf } from './key.ts';
import { isDefaultAccount, ofLedger, resourcesOf, type Live } from './live.ts';
import { applying, isNodeLabels, replacing, stream, type Node, type Observed } from './observe.ts';
import { POOL } from './node-lines.ts';

/** Writes the chosen stacks in their order, as field manager greenflops; edits of others are taken back. Throws Stop where the server refuses. */
export async function applyStacks(observed: Observed): Promise<void> {
  const { kubectl, stacks, nodes } = observed;
  await replaceMerged(observed);
  for (const { id, objects } of stacks) {
    const labels = objects.filter(isNodeLabels);
    const others = objects.filter((object) => !isNodeLabels(object));
    if (others.length > 0) await kubectl.need([...applying(), '-f', '-'], stream(others));
    for (const { fieldManager, metadata } of labels) {
      if (!nodes.has(metadata.name)) continue; // it gets its label when it has joined
      // Not by apply: of a node that somebody made by kubectl apply, kubectl would take over the other labels, and drop them.
      const wanted = Object.entries(metadata.labels).map((pair) => pair.join('='));
      await kubectl.need(['label', 'node', metadata.name, ...wanted, '--overwrite', `--field-manager=${fieldManager}`]);
    }
    console.log(
      inWords({ zh: `${id}：${objects.length} 个对象已应用`, en: `${id}: ${objects.length} objects applied` }),
    );
  }
}

/** Writes whole what the server would not let merge: somebody put in what may not stand beside what is declared. */
export async function replaceMerged({ kubectl, stacks, changes }: Observed): Promise<void> {
  const keys = new Set(changes.filter(({ replace }) => replace).map(({ object }) => keyOf(object)));
  const whole = stacks.flatMap(({ objects }) => objects).filter((object) => keys.has(keyOf(object)));
  if (whole.length > 0) await kubectl.need([...replacing, '-f', '-'], stream(whole));
}

/** What others put into maps that the declaration states whole; an apply leaves what it says nothing of. */
export async function takeOut({ kubectl, changes }: Observed): Promise<void> {
  for (const { object, fields } of changes) {
    const added = fields.filter((field) => field.added);
    if (added.length === 0) continue;
    const patch = added.map(({ path }) => ({
      op: 'remove',
      path: path.map((key) => `/${pointer(String(key))}`).join(''),
    }));
    const { name, namespace } = object.metadata;
    const where = namespace === undefined ? [] : ['-n', namespace];
    const [group, kind] = kindOf(object).split('/');
    const type = group === '' ? `${kind}` : `${kind}.${group}`;
    await kubectl.need(['patch', type, name, ...where, '--type=json', '-p', JSON.stringify(patch)]);
  }
}

/** RFC 6901 */
const pointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Takes away what the declaration no longer has, the ledger never. */
export async function prune(observed: Observed): Promise<void> {
  const gone = observed.changes.flatMap(({ action, object }) =>
    action === 'remove' && !ofLedger(object) ? [object] : [],
  );
  await removeObjects(observed.kubectl, gone);
  await releaseNodes(observed, undeclaredLabels(observed));
}

/** What hangs in a namespace goes with it; objects above namespaces go last, policies after what they guard. */
const LAST = [
  'Namespace',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'PriorityClass',
  'ClusterRole',
];
// Volcano refuses the end of a queue that has children: those of groups hang from its root.
const isParent = ({ kind, spec }: Live): boolean => kind === 'Queue' && (spec as { parent?: string }).parent === 'root';
const rank = (object: Live): number => (isParent(object) ? 0.5 : LAST.indexOf(object.kind) + 1);

/** Deletes and waits until they are gone; what is gone already is no fault. */
async function removeObjects(kubectl: Kubectl, objects: readonly Live[]): Promise<void> {
  const going = new Set(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name));
  const own = objects.filter((one) => !going.has(one.metadata.namespace ?? '') && !isDefaultAccount(one));
  for (const [, some] of [...Map.groupBy(own, rank)].toSorted(([a], [b]) => a - b)) {
    const items = some.map(({ apiVersion, kind, metadata: { name, namespace } }) => ({
      apiVersion,
      kind,
      metadata: { name, ...(namespace !== undefined && { namespace }) },
    }));
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const there = await kubectl.items<Live>(['get', '--ignore-not-found', '-f', '-'], list);
    if (there.length === 0) continue;
    await kubectl.need(['delete', '--ignore-not-found', '--wait', '--timeout=5m', '-f', '-'], list);
    for (const [kind, gone] of Map.groupBy(there, (one) => one.kind)) {
      const names = gone.map(({ metadata: { name, namespace } }) =>
        namespace === undefined ? name : `${namespace}/${name}`,
      );
      console.log(inWords({ zh: `已删除 ${kind}：${names.join(' ')}`, en: `removed ${kind} ${names.join(' ')}` }));
    }
  }
}

export interface NodeLabel {
  readonly node: string;
  readonly manager: string;
}

/** Labels of pools on nodes that a manager of ours wrote. */
const pooledNodes = (nodes: ReadonlyMap<string, Node>): NodeLabel[] =>
  [...nodes.values()].flatMap(({ metadata: { name, labels = {}, managedFields = [] } }) => {
    if (labels[POOL] === undefined) return [];
    const managers = managedFields.flatMap(({ manager, fieldsV1 }) =>
      manager.startsWith('greenflops-') && JSON.stringify(fieldsV1).includes(`"f:${POOL}"`) ? [manager] : [],
    );
    return managers.map((manager) => ({ node: name, manager }));
  });

function undeclaredLabels({ stacks, nodes }: Observed): NodeLabel[] {
  const declared = stacks.flatMap(({ objects }) => objects.filter(isNodeLabels));
  return pooledNodes(nodes).filter(
    ({ node, manager }) => !declared.some((one) => one.metadata.name === node && one.fieldManager === manager),
  );
}

/** Takes the label off where it is still the manager's own pool that stands there; the node stays. */
async function releaseNodes({ kubectl, nodes }: Observed, labels: readonly NodeLabel[]): Promise<void> {
  for (const { node, manager } of labels) {
    if (nodes.get(node)?.metadata.labels?.[POOL] !== manager.replace('greenflops-', '')) continue;
    await kubectl.need(['label', 'node', node, `${POOL}-`, `--field-manager=${manager}`]);
    console.log(inWords({ zh: `已从节点 ${node} 取下池标签`, en: `took the pool's label off node ${node}` }));
  }
}

/** The stacks that a destroy means, in reverse order: what the house made of them, and what it made of earlier declarations. */
export async function destroyStacks(
  observed: Observed,
  chosen: readonly DeclaredStack[],
  whole: boolean,
): Promise<void> {
  const { kubectl, live, nodes } = observed;
  const left = new Map([...live].filter(([, object]) => !ofLedger(object)));
  const resources = await resourcesOf(kubectl);
  for (const { id, objects } of chosen.toReversed()) {
    const own = objects.filter((object) => !isNodeLabels(object));
    const known = own.filter(({ apiVersion, kind }) => resources.has(kindOf({ apiVersion, kind })));
    console.log(inWords({ zh: `${id}：删除`, en: `${id}: removing` }));
    await removeObjects(kubectl, known);
    for (const object of known) left.delete(keyOf(object));
    const labels = objects.filter(isNodeLabels);
    await releaseNodes(
      observed,
      pooledNodes(nodes).filter(({ node, manager }) =>
        labels.some((one) => one.metadata.name === node && one.fieldManager === manager),
      ),
    );
  }
  if (!whole) return;
  await removeObjects(kubectl, [...left.values()]);
  const declared = chosen.flatMap(({ objects }) => objects.filter(isNodeLabels));
  await releaseNodes(
    observed,
    pooledNodes(nodes).filter(({ node }) => !declared.some(({ metadata }) => metadata.name === node)),
  );
  console.log(
    inWords({
      zh: `账本保留在命名空间 ${exporter.namespace}`,
      en: `the ledger stays in namespace ${exporter.namespace}`,
    }),
  );
}
