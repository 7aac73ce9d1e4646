import { parseDecimal, type Rational } from '../../../model/rational.ts';
import type { Rejection } from '../../../model/reasons.ts';
import type { QueuesAnswer, QueueTotal } from './queue-samples.ts';

/** Processes of one Kueue that are told apart: its replicas, and those before the last restarts. */
const KEPT = 4;

const number = ({ n, d }: Rational): number => Number(n) / Number(d);

/**
 * What Kueue's counters have risen by since the exporter began to read them: kept in memory, never steps back. A counter
 * begins anew with its process, and appears with its first event. So each process has levels of its own:
 * - of one that began after the last answer all is new;
 * - of one that was not known before (the first answer, another replica behind one Service) only what comes after is;
 * - a counter that falls within a process is taken as it now stands, and nothing is counted.
 */
export class QueueTotals {
  readonly #sums = new Map<string, Record<QueueTotal, number>>();
  readonly #processes = new Map<string, Map<string, number>>();
  /** Unix ms of the last answer */
  #last: number | null = null;

  /** Of a tenant's queue that has been seen; it has admitted nothing before its first event. */
  of(tenant: string): Readonly<Record<QueueTotal, number>> {
    return this.#sums.get(tenant) ?? { waited: 0, admissions: 0 };
  }

  /** @param at Unix ms */
  answered({ queues, process }: QueuesAnswer, at: number, refuse: (reason: Rejection) => void): void {
    const known = this.#processes.get(process);
    const isNew = this.#last !== null && Number(process) * 1000 > this.#last;
    const levels = known ?? new Map<string, number>();
    for (const [tenant, { totals }] of queues) {
      const sums = { ...this.of(tenant) };
      for (const [total, samples] of totals) {
        for (const { name, labels, text } of samples) {
          const value = parseDecimal(text);
          if (value === null) {
            refuse('not_a_number');
            continue;
          }
          const level = number(value);
          const key = JSON.stringify([name, labels]);
          const before = levels.get(key) ?? (known || isNew ? 0 : level);
          levels.set(key, level);
          sums[total] += Math.max(0, level - before);
        }
      }
      this.#sums.set(tenant, sums);
    }
    // The latest one last; the first one is the longest not heard of.
    this.#processes.delete(process);
    this.#processes.set(process, levels);
    for (const oldest of [...this.#processes.keys()].slice(0, -KEPT)) this.#processes.delete(oldest);
    this.#last = at;
  }
}
