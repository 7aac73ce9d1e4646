import type { Job, KueueModel, Verdict } from './kueue-model.ts';

interface Linked {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Which workers a manager's check leads to, read from its objects. */
function workersOfCheck(objects: readonly Linked[], check: string): readonly string[] {
  const spec = (kind: string, name: string): Readonly<Record<string, unknown>> => {
    const found = objects.find((one) => one.kind === kind && one.metadata.name === name);
    return (found ? Reflect.get(found, 'spec') : {}) as Readonly<Record<string, unknown>>;
  };
  const { controllerName, parameters } = spec('AdmissionCheck', check);
  if (controllerName !== 'kueue.x-k8s.io/multikueue') return [];
  const { clusters } = spec('MultiKueueConfig', (parameters as { name: string }).name);
  const all = (clusters ?? []) as string[];
  return all.filter((name) => objects.some((one) => one.kind === 'MultiKueueCluster' && one.metadata.name === name));
}

/**
 * A manager and its workers (MultiKueue): the manager reserves its quota, each worker of the check gets the job under its
 * own names, and the first that admits it keeps it. Until one does, the manager's quota is held and says nothing.
 */
export class ProvinceModel {
  readonly #manager: KueueModel;
  readonly #objects: readonly Linked[];
  readonly #workers: ReadonlyMap<string, KueueModel>;
  readonly #at = new Map<string, string>();
  readonly #jobs = new Map<string, Job>();

  constructor(manager: KueueModel, objects: readonly Linked[], workers: ReadonlyMap<string, KueueModel>) {
    this.#manager = manager;
    this.#objects = objects;
    this.#workers = workers;
  }

  submit(job: Job): void {
    this.#jobs.set(job.name, job);
    this.#manager.submit(job);
  }

  settle(): this {
    this.#manager.settle();
    for (const job of this.#jobs.values()) {
      const verdict = this.#manager.verdict(job.name);
      if (verdict.state !== 'admitted') this.#take(job.name);
      else if (!this.#at.has(job.name)) this.#handOn(job, verdict.checks);
    }
    return this;
  }

  #handOn(job: Job, checks: readonly string[]): void {
    for (const id of checks.flatMap((check) => workersOfCheck(this.#objects, check))) {
      const worker = this.#workers.get(id);
      if (!worker) throw new Error(`no worker ${id}`);
      worker.submit(job);
      if (worker.settle().verdict(job.name).state === 'admitted') {
        this.#at.set(job.name, id);
        return;
      }
      worker.finish(job.name);
    }
  }

  /** A job that lost its place on the manager loses it on its worker. */
  #take(name: string): void {
    this.#workers.get(this.#at.get(name) ?? '')?.finish(name);
    this.#at.delete(name);
  }

  finish(name: string): void {
    this.#take(name);
    this.#manager.finish(name);
    this.#jobs.delete(name);
  }

  /** The worker that runs it; undefined while it waits, on the manager or for a worker. */
  runsOn = (name: string): string | undefined => this.#at.get(name);
  verdict = (name: string): Verdict => this.#manager.verdict(name);
}
