import type { Instant, MeterEvent } from './meter.ts';

/** While a run lasts, what it repeats is written this often, ms: a fault that lasts must not flood the ledger. */
const WRITE_EVERY_MS = 15 * 60_000;

interface Run {
  /** When the run was last written, monotonic ms. */
  written: number;
  /** Since then: how many, and the newest, with the time that it came. */
  waiting: number;
  newest: MeterEvent;
  at: number;
}

/** An event to write, Unix ms. With `repeated: n` in its detail it stands for itself and n like it before. */
export interface DueEvent {
  readonly event: MeterEvent;
  readonly at: number;
}

/**
 * The events of one meter, of which like ones (same kind, reason and register) are a run as long as no quarter of an
 * hour passes without one. The first of a run is written at once; the others are counted and written every quarter of
 * an hour as one event with the newest bytes. So each event is in what is written once: it is the sum of 1 + repeated.
 */
export class EventRuns {
  readonly #runs = new Map<string, Run>();

  /** Takes what an answer brought, and returns what is to be written now. */
  pass(events: readonly MeterEvent[], now: Instant): DueEvent[] {
    const due = this.#take((run) => now.mono - run.written >= WRITE_EVERY_MS, now.mono);
    for (const event of events) {
      const key = [event.kind, event.detail['reason'] ?? '', event.detail['register'] ?? ''].join('/');
      const run = this.#runs.get(key);
      if (run) Object.assign(run, { waiting: run.waiting + 1, newest: event, at: now.at });
      else {
        this.#runs.set(key, { written: now.mono, waiting: 0, newest: event, at: now.at });
        due.push({ event, at: now.at });
      }
    }
    return due;
  }

  /** What is still counted and not written: to be called before the process ends. */
  flush(now: Instant): DueEvent[] {
    return this.#take(() => true, now.mono);
  }

  /** Writes the runs that are chosen; one of which nothing waits has ended. */
  #take(chosen: (run: Run) => boolean, mono: number): DueEvent[] {
    const due: DueEvent[] = [];
    for (const [key, run] of this.#runs) {
      if (!chosen(run)) continue;
      if (run.waiting === 0) {
        this.#runs.delete(key);
        continue;
      }
      const { newest, waiting, at } = run;
      const detail = waiting > 1 ? { ...newest.detail, repeated: waiting - 1 } : newest.detail;
      due.push({ event: { ...newest, detail }, at });
      Object.assign(run, { written: mono, waiting: 0 });
    }
    return due;
  }
}
