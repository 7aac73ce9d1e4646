import type { ClosureSuspect } from '../../../model/reasons.ts';
import type { MeterEvent } from '../../judge/meter/meter.ts';
import type { Finding } from './closure-pool.ts';

/** What a suspicion is about: a pool, a meter, or, with both '', the site. */
interface Subject {
  readonly site: string;
  readonly pool: string;
  readonly meter: string;
  readonly suspect: ClosureSuspect;
}

interface Watched {
  readonly subject: Subject;
  suspected: boolean;
  /** Findings in a row that say otherwise. */
  against: number;
}

/** Keeps what is suspected: begins and ends after some findings in a row, and only by evidence, never by silence. */
export class SuspectWatch {
  readonly #watched = new Map<string, Watched>();

  /** @returns the event of a suspicion that begins or ends with this finding, the `steady`th in a row; null: none does */
  note(subject: Subject, finding: Finding, steady: number): MeterEvent | null {
    if (finding === null) return null;
    const { site, pool, meter, suspect } = subject;
    const key = [site, pool, meter, suspect].join('/');
    const watched = this.#watched.get(key) ?? { subject, suspected: false, against: 0 };
    this.#watched.set(key, watched);
    const found = finding !== false;
    watched.against = found === watched.suspected ? 0 : watched.against + 1;
    if (watched.against < steady) return null;
    watched.suspected = found;
    watched.against = 0;
    const detail = { suspect, ...(found ? finding : {}) };
    return { kind: found ? 'closure_suspect' : 'closure_clear', detail, wire: '' };
  }

  /** What is suspected now. */
  get suspected(): Subject[] {
    return [...this.#watched.values()].filter(({ suspected }) => suspected).map(({ subject }) => subject);
  }
}
