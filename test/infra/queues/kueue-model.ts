import { counted, type ResourceConfiguration } from './kueue-model-amounts.ts';
import { Nodes, type ModelNode, type Placed, type Placement } from './kueue-model-nodes.ts';
import { TreeNode, type Groups, type Key } from './kueue-model-tree.ts';

export interface PodSet {
  readonly pods: number;
  readonly requests: Readonly<Record<string, string | number>>;
  readonly placement?: Placement;
}
export interface Job {
  readonly name: string;
  readonly namespace: string;
  /** Of its kueue.x-k8s.io/queue-name. @default default */
  readonly queue?: string;
  /** A WorkloadPriorityClass. Without one a job has 0 */
  readonly priority?: string;
  readonly podSets: readonly PodSet[];
}

/** What Kueue says of a job; `checks` stand between an admission and its pods (MultiKueue). */
export type Verdict =
  | {
      readonly state: 'admitted';
      readonly flavors: Readonly<Record<string, string>>;
      readonly usage: ReadonlyMap<Key, number>;
      readonly checks: readonly string[];
    }
  | { readonly state: 'waiting'; readonly reason: Reason; readonly message: string };
type Reason =
  | 'Misconfigured'
  | 'WaitingForQuota'
  | 'ExceedsMaxQuota'
  | 'NoMatchingFlavor'
  | 'TopologyPlacementFailed'
  | 'PendingEvaluation';

interface KueueObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
}
interface QueueSpec extends Groups {
  readonly cohortName?: string;
  readonly namespaceSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly flavorFungibility?: { readonly whenCanBorrow?: string };
  readonly preemption?: {
    readonly reclaimWithinCohort?: 'Never' | 'LowerPriority' | 'Any';
    readonly withinClusterQueue?: 'Never' | 'LowerPriority';
    readonly borrowWithinCohort?: { readonly policy: 'Never' | 'LowerPriority' };
  };
  readonly admissionChecksStrategy?: { readonly admissionChecks?: readonly { readonly name: string }[] };
}
interface Flavor {
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly topologyName?: string;
}

interface Workload {
  readonly job: Job;
  readonly priority: number;
  readonly at: number;
  verdict: Verdict;
  /** Of an admitted one, where its pods are */
  placed: { readonly placed: Placed; readonly requests: PodSet['requests'] }[];
}

interface Assignment {
  readonly flavors: Record<string, string>;
  readonly usage: Map<Key, number>;
  readonly placed: Workload['placed'];
  /** What is short, by quota or by nodes: it fits once others have gone */
  readonly short: ReadonlySet<Key>;
  readonly why: Verdict | undefined;
}

/**
 * Kueue's admission as its documentation and kueue.md have it, of the objects of one cluster: quotas in a tree of cohorts,
 * resource transformations, flavours in order, topology as what nodes have, and preemption in its simple form (who is
 * evicted makes room at once). It knows nothing of how the objects were made.
 */
export class KueueModel {
  readonly #objects: readonly KueueObject[];
  readonly #resources: ResourceConfiguration;
  readonly #nodes: Nodes;
  readonly #tree = new Map<string, TreeNode>();
  readonly #specs = new Map<string, QueueSpec>();
  readonly #jobs = new Map<string, Workload>();
  #clock = 0;

  constructor(
    objects: readonly KueueObject[],
    configuration: { readonly resources?: ResourceConfiguration },
    nodes: readonly ModelNode[],
  ) {
    this.#objects = objects;
    this.#resources = configuration.resources ?? {};
    this.#nodes = new Nodes(nodes);
    const cohorts = new Map(
      this.#all('Cohort').map((one) => [one.metadata.name, new TreeNode(one.metadata.name, specOf(one) as Groups)]),
    );
    const cohort = (name: string): TreeNode => {
      const node = cohorts.get(name) ?? new TreeNode(name, {}); // the name alone makes one
      cohorts.set(name, node);
      return node;
    };
    for (const one of this.#all('Cohort')) {
      const { parentName } = specOf(one) as { parentName?: string };
      if (parentName !== undefined) cohort(one.metadata.name).put(cohort(parentName));
    }
    for (const one of this.#all('ClusterQueue')) {
      const spec = specOf(one) as QueueSpec;
      const node = new TreeNode(one.metadata.name, spec);
      if (spec.cohortName !== undefined) node.put(cohort(spec.cohortName));
      this.#tree.set(one.metadata.name, node);
      this.#specs.set(one.metadata.name, spec);
    }
  }

  #all(kind: string): KueueObject[] {
    return this.#objects.filter(
      (one) => one.kind === kind && (kind === 'Namespace' || one.apiVersion.startsWith('kueue.')),
    );
  }
  #spec(kind: string, name: string): unknown {
    const found = this.#all(kind).find((one) => one.metadata.name === name);
    return found && specOf(found);
  }

  /** Hands a job in; `settle` says what becomes of it. */
  submit(job: Job): void {
    const priorityClass = this.#all('WorkloadPriorityClass').find(({ metadata }) => metadata.name === job.priority);
    if (job.priority !== undefined && !priorityClass) throw new Error(`no WorkloadPriorityClass ${job.priority}`);
    const priority = priorityClass ? Number(Reflect.get(priorityClass, 'value')) : 0;
    this.#jobs.set(job.name, {
      job,
      priority,
      at: this.#clock++,
      verdict: pending('PendingEvaluation', ''),
      placed: [],
    });
  }

  finish(name: string): void {
    const workload = this.#jobs.get(name);
    if (workload) this.#release(workload);
    this.#jobs.delete(name);
  }

  verdict(name: string): Verdict {
    return this.#jobs.get(name)?.verdict ?? pending('Misconfigured', 'no such job');
  }

  /** Of a queue or a cohort what it uses and has, `<flavour> <resource>` by name. */
  get queues(): ReadonlyMap<string, TreeNode> {
    return this.#tree;
  }

  /** Considers waiting jobs until nothing changes: first whoever stays within its own, then by priority, then by time. */
  settle(): this {
    for (let changed = true; changed;) {
      changed = false;
      const waiting = [...this.#jobs.values()].filter(({ verdict }) => verdict.state === 'waiting');
      const nominated = waiting.map((workload) => ({ workload, borrows: this.#borrows(workload) }));
      for (const { workload } of nominated.toSorted(
        (a, b) =>
          Number(a.borrows) - Number(b.borrows) ||
          b.workload.priority - a.workload.priority ||
          a.workload.at - b.workload.at,
      ))
        if (this.#schedule(workload)) {
          changed = true;
          break;
        }
    }
    return this;
  }

  #queueOf({ namespace, queue = 'default' }: Job): { name?: string; why?: Verdict } {
    const local = this.#all('LocalQueue').find(
      ({ metadata }) => metadata.name === queue && metadata.namespace === namespace,
    );
    if (!local) return { why: pending('Misconfigured', `LocalQueue ${queue} doesn't exist`) };
    const { clusterQueue } = specOf(local) as { clusterQueue: string };
    const spec = this.#specs.get(clusterQueue);
    if (!spec) return { why: pending('Misconfigured', `ClusterQueue ${clusterQueue} doesn't exist`) };
    const labels = this.#all('Namespace').find(({ metadata }) => metadata.name === namespace)?.metadata.labels ?? {};
    const wanted = Object.entries(spec.namespaceSelector?.matchLabels ?? {});
    if (!spec.namespaceSelector || wanted.some(([key, value]) => labels[key] !== value))
      return { why: pending('Misconfigured', "workload namespace doesn't match ClusterQueue selector") };
    return { name: clusterQueue };
  }

  #borrows({ job }: Workload): boolean {
    const { name } = this.#queueOf(job);
    const node = name === undefined ? undefined : this.#tree.get(name);
    if (name === undefined || !node) return false;
    return [...this.#assign(job, name, false).usage].some(([key, count]) => node.uses(key) + count > node.has(key));
  }

  #schedule(workload: Workload): boolean {
    const { name, why } = this.#queueOf(workload.job);
    if (name === undefined) {
      workload.verdict = why ?? workload.verdict;
      return false;
    }
    let assignment = this.#assign(workload.job, name, true);
    if (!assignment.why && assignment.short.size > 0) {
      const victims = this.#victims(workload, name, assignment);
      if (victims.length === 0) {
        workload.verdict = this.#waiting(name, assignment);
        return false;
      }
      for (const victim of victims) {
        this.#release(victim);
        victim.verdict = pending('PendingEvaluation', `preempted by ${workload.job.name}`);
      }
      assignment = this.#assign(workload.job, name, true);
    }
    if (assignment.why || assignment.short.size > 0) {
      workload.verdict = assignment.why ?? this.#waiting(name, assignment);
      return false;
    }
    const { flavors, usage, placed } = assignment;
    const checks = (this.#specs.get(name)?.admissionChecksStrategy?.admissionChecks ?? []).map((check) => check.name);
    workload.verdict = { state: 'admitted', flavors, usage, checks };
    workload.placed = placed;
    this.#take(workload, name, 1);
    return true;
  }

  #take(workload: Workload, queue: string, sign: 1 | -1): void {
    if (workload.verdict.state !== 'admitted') return;
    for (const [key, count] of workload.verdict.usage) this.#tree.get(queue)?.add(key, sign * count);
    for (const { placed, requests } of workload.placed) this.#nodes.take(placed, requests, sign);
  }

  #release(workload: Workload): void {
    const { name } = this.#queueOf(workload.job);
    if (name !== undefined) this.#take(workload, name, -1);
    workload.placed = [];
    workload.verdict = pending('PendingEvaluation', '');
  }

  /** The flavours that a job gets: the first that fits, else the first that would fit if others went. */
  #assign(job: Job, queue: string, place: boolean): Assignment {
    const node = this.#tree.get(queue);
    const spec = this.#specs.get(queue) ?? {};
    const result = {
      flavors: {} as Record<string, string>,
      usage: new Map<Key, number>(),
      placed: [] as Workload['placed'],
    };
    const short = new Set<Key>();
    const undo: (() => void)[] = [];
    const end = (why?: Verdict): Assignment => {
      for (const step of undo) step();
      return { ...result, short, why };
    };
    for (const podSet of job.podSets) {
      const each = counted(podSet.requests, this.#resources);
      const needs = new Map([...each].map(([name, count]) => [name, count * podSet.pods]));
      for (const resource of needs.keys())
        if (!spec.resourceGroups?.some(({ coveredResources }) => coveredResources.includes(resource)))
          return end(pending('PendingEvaluation', `resource ${resource} unavailable in ClusterQueue`));
      for (const group of spec.resourceGroups ?? []) {
        const own = [...needs].filter(([name, count]) => count > 0 && group.coveredResources.includes(name));
        if (own.length === 0) continue;
        const asked = own.some(([name]) => name in podSet.requests);
        const tries = group.flavors.map(({ name: flavor }) =>
          this.#try(flavor, own, asked, podSet, node, spec, result.usage, place),
        );
        const fitting = tries.filter((one) => one.fit === 'fits');
        const best =
          (spec.flavorFungibility?.whenCanBorrow === 'TryNextFlavor'
            ? fitting.find(({ borrows }) => !borrows)
            : undefined) ??
          fitting[0] ??
          tries.find(({ fit }) => fit === 'short');
        if (!best) return end(tries[0]?.why ?? pending('NoMatchingFlavor', 'no flavor'));
        for (const [resource, count] of own) {
          const key = `${best.flavor} ${resource}`;
          result.flavors[resource] = best.flavor;
          result.usage.set(key, (result.usage.get(key) ?? 0) + count);
        }
        for (const key of best.short) short.add(key);
        const { placed } = best;
        if (placed) {
          result.placed.push({ placed, requests: podSet.requests });
          this.#nodes.take(placed, podSet.requests, 1);
          undo.push(() => this.#nodes.take(placed, podSet.requests, -1));
        }
      }
    }
    return end();
  }

  #try(
    flavor: string,
    own: readonly (readonly [string, number])[],
    asked: boolean,
    { pods, requests, placement }: PodSet,
    node: TreeNode | undefined,
    spec: QueueSpec,
    used: ReadonlyMap<Key, number>,
    place: boolean,
  ): {
    flavor: string;
    fit: 'fits' | 'short' | 'never';
    borrows: boolean;
    short: Key[];
    placed?: Placed;
    why?: Verdict;
  } {
    const never = (why: Verdict) => ({ flavor, fit: 'never' as const, borrows: false, short: [], why });
    const { topologyName, nodeLabels = {} } = (this.#spec('ResourceFlavor', flavor) ?? {}) as Flavor;
    if (placement && topologyName === undefined && asked)
      return never(pending('NoMatchingFlavor', `Flavor "${flavor}" does not support TopologyAwareScheduling`));
    if (!placement && topologyName !== undefined)
      return never(pending('NoMatchingFlavor', `Flavor "${flavor}" supports only TopologyAwareScheduling`));
    const topology = this.#spec('Topology', topologyName ?? '') as { levels: { nodeLabel: string }[] } | undefined;
    const levels = (topology?.levels ?? []).map(({ nodeLabel }) => nodeLabel);
    const level = placement?.required ?? placement?.preferred;
    if (topologyName !== undefined && level !== undefined && !levels.includes(level))
      return never(pending('NoMatchingFlavor', `Flavor "${flavor}" does not contain the requested level`));
    const short: Key[] = [];
    let borrows = false;
    for (const [resource, count] of own) {
      const key = `${flavor} ${resource}`;
      const all = (used.get(key) ?? 0) + count;
      const most = node?.most(key) ?? 0;
      if (all > most)
        return never(
          pending(
            'ExceedsMaxQuota',
            `insufficient quota for ${resource} in flavor ${flavor}, request (${all}) > maximum capacity (${most})`,
          ),
        );
      if (all > (node?.available(key) ?? 0)) short.push(key);
      if ((node?.uses(key) ?? 0) + all > (node?.has(key) ?? 0)) borrows = true;
    }
    // A queue that hands its jobs on leaves topology to who takes them.
    const handsOn = (spec.admissionChecksStrategy?.admissionChecks ?? []).length > 0;
    if (topologyName === undefined || !placement || handsOn || !place)
      return { flavor, fit: short.length > 0 ? 'short' : 'fits', borrows, short };
    const placed = this.#nodes.place(pods, requests, nodeLabels, levels, placement);
    if (placed) return { flavor, fit: short.length > 0 ? 'short' : 'fits', borrows, short, placed };
    return { flavor, fit: 'short', borrows, short: own.map(([resource]) => `${flavor} ${resource}`) };
  }

  #waiting(queue: string, { short, usage, flavors }: Assignment): Verdict {
    const node = this.#tree.get(queue);
    for (const key of short) {
      const [flavor = '', resource = ''] = key.split(' ');
      const missing = (usage.get(key) ?? 0) - (node?.available(key) ?? 0);
      if (missing > 0)
        return pending(
          'WaitingForQuota',
          `insufficient unused quota for ${resource} in flavor ${flavor}, ${missing} more needed`,
        );
    }
    return pending('TopologyPlacementFailed', `topology of ${Object.values(flavors)[0]} doesn't allow to fit`);
  }

  /** The fewest that have to go, lowest priority and newest first; [] where nobody may be sent away for it. */
  #victims(workload: Workload, queue: string, { short }: Assignment): Workload[] {
    const node = this.#tree.get(queue);
    const { preemption = {} } = this.#specs.get(queue) ?? {};
    if (!node) return [];
    const keys = new Set(short);
    const ofQueue = (one: Workload): string => this.#queueOf(one.job).name ?? '';
    const running = [...this.#jobs.values()].filter(
      (one) => one.verdict.state === 'admitted' && [...one.verdict.usage.keys()].some((key) => keys.has(key)),
    );
    const lower = running.filter((one) => one.priority < workload.priority);
    const own = preemption.withinClusterQueue === 'LowerPriority' ? lower.filter((one) => ofQueue(one) === queue) : [];
    const { reclaimWithinCohort: reclaim = 'Never', borrowWithinCohort: borrow } = preemption;
    const others =
      reclaim === 'Never' || !node.parent
        ? []
        : running.filter((one) => ofQueue(one) !== queue && this.#tree.get(ofQueue(one))?.root === node.root);
    const reclaimed = reclaim === 'LowerPriority' ? others.filter((one) => lower.includes(one)) : others;
    const attempts: { candidates: Workload[]; borrowing: boolean }[] = [
      {
        candidates: [
          ...(borrow?.policy === 'LowerPriority' ? others.filter((one) => lower.includes(one)) : []),
          ...own,
        ],
        borrowing: true,
      },
      { candidates: [...reclaimed, ...own], borrowing: false },
    ];
    for (const { candidates, borrowing } of attempts) {
      const found = this.#evicting(workload, queue, node, keys, candidates, borrowing);
      if (found.length > 0) return found;
    }
    return [];
  }

  #evicting(
    workload: Workload,
    queue: string,
    node: TreeNode,
    keys: ReadonlySet<Key>,
    candidates: readonly Workload[],
    borrowing: boolean,
  ): Workload[] {
    const order = candidates.toSorted(
      (a, b) =>
        Number(this.#queueOf(a.job).name === queue) - Number(this.#queueOf(b.job).name === queue) ||
        a.priority - b.priority ||
        b.at - a.at,
    );
    const fits = (): boolean => {
      const { why, short, usage } = this.#assign(workload.job, queue, true);
      return (
        !why &&
        short.size === 0 &&
        (borrowing || ![...usage].some(([key, count]) => node.uses(key) + count > node.has(key)))
      );
    };
    const gone: Workload[] = [];
    const away = (one: Workload, sign: 1 | -1) => this.#take(one, this.#queueOf(one.job).name ?? '', sign);
    let enough = false;
    for (const one of order) {
      const other = this.#queueOf(one.job).name ?? '';
      if (other !== queue && !this.#overdrawn(other, node, keys)) continue;
      away(one, -1);
      gone.push(one);
      enough = fits();
      if (enough) break;
    }
    // Whoever need not have gone stays, the one that had to go last aside.
    for (const one of enough ? gone.slice(0, -1).toReversed() : []) {
      away(one, 1);
      if (fits()) gone.splice(gone.indexOf(one), 1);
      else away(one, -1);
    }
    for (const one of gone) away(one, 1);
    return enough ? gone : [];
  }

  /** Whether a queue uses more than its own, and so does every cohort between it and what it has in common with `node`. */
  #overdrawn(queue: string, node: TreeNode, keys: ReadonlySet<Key>): boolean {
    const other = this.#tree.get(queue);
    if (!other?.exceeds(keys)) return false;
    const common = new Set(node.above());
    for (const cohort of other.above()) {
      if (common.has(cohort)) return true;
      if (!cohort.exceeds(keys)) return false;
    }
    return false;
  }
}

const specOf = (object: KueueObject): unknown => Reflect.get(object, 'spec') ?? {};
const pending = (reason: Reason, message: string): Verdict => ({ state: 'waiting', reason, message });
