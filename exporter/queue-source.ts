import type { Emit } from '../model/metrics/metric.ts';
import {
  queueAdmissions,
  queuePflops,
  queueWaitSeconds,
  queueWorkloads,
  quotaEnforced,
} from '../model/metrics/queues.ts';
import type { Rejection } from '../model/reasons.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import type { Instant } from './judge/meter/meter.ts';
import { judgeQueues, type JudgedQueue } from './judge/queue/judge-queues.ts';
import { queueSamples } from './judge/queue/queue-samples.ts';
import { QueueTotals } from './judge/queue/queue-totals.ts';
import type { QueueWorth } from './judge/queue/queue-worth.ts';
import { staleAfter } from './meter-source.ts';
import type { ExpositionSample, ReadError } from './read/reader.ts';
import type { SourceUse } from './source.ts';

interface QueueContext {
  readonly site: string;
  /** The cluster's id: the label `source` of what its queues hold */
  readonly cluster: string;
  /** Of the source: its label and its name in events */
  readonly id: string;
  readonly everyMs: number;
  /** Ids: a queue is named after its tenant */
  readonly tenants: ReadonlySet<string>;
  readonly worth: QueueWorth;
  readonly accountant: Accountant;
}

/** What the Kueue of a cluster says of its queues: kept, in PFlops, and shown while it is fresh. */
export class QueueSource implements SourceUse<ExpositionSample[]> {
  readonly #context: QueueContext;
  #totals = new QueueTotals();
  #last: { readonly queues: ReadonlyMap<string, JudgedQueue>; readonly mono: number } | null = null;

  constructor(context: QueueContext) {
    this.#context = context;
  }

  answered(samples: ExpositionSample[], { at, mono }: Instant): ReadonlyMap<Rejection, number> {
    const { tenants, worth } = this.#context;
    const rejected = new Map<Rejection, number>();
    const refuse = (reason: Rejection): void => void rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
    const answer = queueSamples(samples, tenants, refuse);
    this.#totals.answered(answer, at, refuse);
    this.#last = { queues: judgeQueues(answer, worth, refuse), mono };
    return rejected;
  }

  resume(earlier: unknown): void {
    if (!(earlier instanceof QueueSource)) return;
    this.#totals = earlier.#totals;
    this.#last = earlier.#last;
  }

  failed({ failure, message }: ReadError, { at }: Instant, first: boolean): void {
    const { site, id, accountant } = this.#context;
    if (first) accountant.note(site, id, { kind: 'silent', detail: { failure, message }, wire: '' }, at);
  }

  back({ at }: Instant): void {
    const { site, id, accountant } = this.#context;
    accountant.note(site, id, { kind: 'back', detail: {}, wire: '' }, at);
  }

  emit(emit: Emit, mono: number): void {
    const { site, cluster: source, everyMs, tenants } = this.#context;
    if (this.#last === null || mono - this.#last.mono > staleAfter(everyMs)) return;
    for (const [tenant, { pflops, workloads, enforced }] of this.#last.queues) {
      if (!tenants.has(tenant)) continue; // declared no more since it was read
      const labels = { site, source, tenant };
      for (const [state, value] of pflops) emit(queuePflops, { ...labels, state }, value);
      for (const [state, value] of workloads) emit(queueWorkloads, { ...labels, state }, value);
      const { admissions, waited } = this.#totals.of(tenant);
      emit(queueAdmissions, labels, admissions);
      emit(queueWaitSeconds, labels, waited);
      if (enforced !== null) emit(quotaEnforced, labels, enforced ? 1 : 0);
    }
  }
}
