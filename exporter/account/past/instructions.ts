import type { DatabaseSync } from 'node:sqlite';
import { compare } from '../../../model/rational.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import type { Text } from '../../../model/text.ts';
import type { Accountant } from '../ledger/accountant.ts';
import type { NewEntry } from '../ledger/brought.ts';
import { treesOnRecord } from '../audit/closing-trees.ts';
import { HourBook } from '../ledger/hour-book.ts';
import { lookAround } from './instruction-found.ts';
import { judgeInstruction, type Decision } from './instruction-judge.ts';
import { refusals } from './instruction-words.ts';
import { type Asked, Instructions } from './instruction.ts';
import type { LedgerEvent } from '../ledger/ledger.ts';
import { monthlyPue, reissued, treesWith } from '../ledger/reissue.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** Carries out what `greenflops meter` asks the ledger's one writer to do: each instruction once, in one transaction with all that it changes. */
export class Clerk {
  readonly #database: DatabaseSync;
  readonly #accountant: Accountant;
  readonly #meters: readonly Meter[];
  readonly #instructions: Instructions;
  #waiting: Asked[] = [];

  constructor(database: DatabaseSync, accountant: Accountant, meters: readonly Meter[]) {
    this.#database = database;
    this.#accountant = accountant;
    this.#meters = meters;
    this.#instructions = new Instructions(database);
  }

  /** Whether somebody asks for something; costs a look at the end of an index. */
  isAsked(): boolean {
    this.#waiting.push(...this.#instructions.pending());
    return this.#waiting.length > 0;
  }

  /**
   * To be called right after a commit, so that the ledger holds all that is known; true where hours changed. Throws what
   * the disk says: what was decided is then written by the next commit, and the rest waits.
   */
  apply(now: number): boolean {
    let changed = false;
    while (this.isAsked()) {
      const asked = this.#waiting.shift();
      if (asked === undefined) break;
      const meter = this.#meters.find(({ id }) => id === asked.meter);
      const decision = meter && this.#decide(asked, meter, now);
      if (meter === undefined || decision === undefined)
        this.#refuse(asked, refusals.unknown(asked.meter, this.#known), now);
      else if ('refused' in decision) this.#refuse(asked, decision.refused, now);
      else {
        this.#carryOut(asked, meter, decision, now);
        changed = true;
      }
      this.#accountant.commit();
    }
    return changed;
  }

  get #known(): string[] {
    return this.#meters.map(({ id }) => id);
  }

  #decide(asked: Asked, meter: Meter, now: number): Decision | { refused: Text } {
    const register = this.#accountant.stateOf(meter.id).register?.state ?? null;
    return judgeInstruction(asked, meter, lookAround(this.#database, asked, { now, register, id: asked.id }));
  }

  #refuse({ id }: Asked, refused: Text, now: number): void {
    this.#accountant.bring({
      at: now,
      entries: [],
      gaps: [],
      instruction: { id, outcome: { refused } },
      after: () => [],
    });
  }

  #carryOut(asked: Asked, meter: Meter, { manual, moved, ratio, open, clears, gaps }: Decision, now: number): void {
    const { id, kind, who, why, evidence } = asked;
    const { from, to, millijoules } = manual;
    const trees = treesWith(treesOnRecord(this.#database), meter.id);
    const span = { from, to: moved?.to ?? to };
    const before = monthlyPue(new HourBook(this.#database), trees, span, now);
    const about: LedgerEvent['detail'] = {
      meter: meter.id,
      from: iso(from),
      to: iso(to),
      millijoules: String(millijoules),
      who,
      why,
      ...(evidence && { evidence: `${evidence.name} sha256:${evidence.sha256.slice(0, 12)}` }),
    };
    if (open) {
      const { cross, ...known } = this.#accountant.stateOf(meter.id);
      const state = {
        ...known,
        first: null,
        register: { state: open.state, mono: null },
        ...(cross && kind === 'read' && { cross }),
      };
      const spans = from < to ? [open.span] : [];
      this.#accountant.book(meter, { state, spans, unmetered: open.unmetered, events: [] }, now);
    }
    const { register, ...others } = this.#accountant.stateOf(meter.id);
    const left = register?.state.left;
    if (register && left && clears && compare(left, clears) === 0) {
      const state = { ...others, register: { ...register, state: { ...register.state, left: null } } };
      this.#accountant.book(meter, { state, spans: [], unmetered: 0, events: [] }, now);
    }
    const event = kind === 'read' ? ('hand_reading' as const) : ('replaced' as const);
    this.#accountant.note(meter.site, meter.id, { kind: event, detail: about, wire: '' }, now);
    const entry = (energy: typeof manual, of: NewEntry['kind']): NewEntry => ({
      ...energy,
      meter: meter.id,
      kind: of,
      who,
      why,
      evidence,
    });
    this.#accountant.bring({
      at: now,
      entries: [
        // Replaced at its last reading: there is no gap.
        ...(from < to ? [entry(manual, 'manual')] : []),
        // Behind the reading the gap stays open: its energy is corrected, and it still counts as unmetered.
        ...(moved ? [entry(moved, 'adjust')] : []),
      ],
      gaps: gaps.filter((gap) => gap.from < gap.to).map((gap) => ({ ...gap, meter: meter.id })),
      instruction: {
        id,
        outcome: { done: { from, to, millijoules: String(millijoules), ratio: `${ratio.n}/${ratio.d}` } },
      },
      after: () => {
        const after = monthlyPue(new HourBook(this.#database), trees, span, now);
        return reissued('reissued', { before, after, span, now }, about);
      },
    });
  }
}
