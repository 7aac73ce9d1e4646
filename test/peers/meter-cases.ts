import type { EventKind } from '../../model/reasons.ts';
import { meter, type Model } from './estate.ts';

/** A fault on a meter of its own. */
export interface Case {
  readonly id: string;
  readonly model: Model;
  readonly fault: Readonly<Record<string, string | number>> & { readonly kind: string };
  /** How long the fault is held before it is released; 0: it ends by itself. */
  readonly seconds: number;
  /** true: it begins before the exporter's first reading */
  readonly early?: true;
  /** The event by which the exporter tells of it, or events of which one does. */
  readonly event: EventKind | readonly EventKind[];
}

type Row = Omit<Case, 'model'>;

const gates: readonly Row[] = [
  { id: 'gate-stuck', fault: { kind: 'stuck' }, seconds: 12, event: 'stuck' },
  { id: 'gate-zero', fault: { kind: 'zero' }, seconds: 8, event: 'transient' },
  { id: 'gate-spike', fault: { kind: 'spike' }, seconds: 0, event: 'transient' },
  { id: 'gate-reset', fault: { kind: 'reset' }, seconds: 0, event: 'reset' },
  { id: 'gate-words', fault: { kind: 'wrong_word_order' }, seconds: 8, event: 'held' },
  { id: 'gate-silent', fault: { kind: 'silent' }, seconds: 10, event: 'silent' },
  { id: 'gate-refuse', fault: { kind: 'silent', mode: 'refuse' }, seconds: 10, event: 'silent' },
  { id: 'gate-slow', fault: { kind: 'slow', ms: 1500 }, seconds: 10, event: 'silent' },
];
const ups: readonly Row[] = [
  { id: 'ups-stuck', fault: { kind: 'stuck' }, seconds: 20, event: 'stuck' },
  { id: 'ups-zero', fault: { kind: 'zero' }, seconds: 8, event: 'transient' },
  // Five false readings agree with each other: the register is believed to have moved, twice.
  { id: 'ups-spike', fault: { kind: 'spike', reads: 5 }, seconds: 0, event: 'rebased' },
  // Its register takes 3.6 s for a step: where a busy machine misses some, it was not seen to rise before.
  { id: 'ups-reset', fault: { kind: 'reset' }, seconds: 0, event: ['reset', 'rebased'] },
  // A shift in the midst of the readings would be a jump: only a meter that was near its end from the start rolls over.
  { id: 'ups-rollover', fault: { kind: 'rollover', seconds: 25 }, seconds: 0, early: true, event: 'rollover' },
  { id: 'ups-words', fault: { kind: 'wrong_word_order' }, seconds: 12, event: 'held' },
  { id: 'ups-silent', fault: { kind: 'silent' }, seconds: 10, event: 'silent' },
];
const chillers: readonly Row[] = [
  { id: 'chiller-stuck', fault: { kind: 'stuck' }, seconds: 25, event: 'stuck' },
  { id: 'chiller-zero', fault: { kind: 'zero' }, seconds: 10, event: 'transient' },
  { id: 'chiller-spike', fault: { kind: 'spike', reads: 5 }, seconds: 0, event: 'rebased' },
  // Its register takes 12 s for a step: a reset before it was seen to rise a few times is no evidence of a start.
  { id: 'chiller-reset', fault: { kind: 'reset' }, seconds: 0, event: ['reset', 'rebased'] },
];
const fans: readonly Row[] = [
  { id: 'fans-silent', fault: { kind: 'silent' }, seconds: 10, event: 'gap' },
  { id: 'fans-zero', fault: { kind: 'zero', register: 'power' }, seconds: 10, event: 'power_refused' },
  { id: 'fans-spike', fault: { kind: 'spike', register: 'power', reads: 6 }, seconds: 0, event: 'power_refused' },
];

const byModel = { pm5xxx: gates, em24: ups, sdm630: chillers, watts: fans } as const;
const fields: Readonly<Record<Model, { role: string; rated_kw: number; category?: 1 }>> = {
  pm5xxx: { role: 'facility', rated_kw: 300 },
  em24: { role: 'it', category: 1, rated_kw: 250 },
  sdm630: { role: 'cooling', rated_kw: 60 },
  watts: { role: 'cooling', rated_kw: 60 },
};

const models = ['pm5xxx', 'em24', 'sdm630', 'watts'] as const;

/** Each fault of a meter that the twin plays, on each kind of register that it can befall. */
export const cases: readonly Case[] = models.flatMap((model) =>
  byModel[model].map((row): Case => Object.assign({ model }, row)),
);

/** A fault that touches the connection needs a gateway of its own; the others share one. */
const ownGateway = new Set(['silent', 'slow']);

/** The meters of the cases, all at one site. */
export const faultyMeters = (site: string): object[] =>
  cases.map(({ id, model, fault }, index) => {
    const port = ownGateway.has(fault.kind) ? 19_700 + index : 19_699;
    return meter({ id, model, port, unit: index + 1 }, { site, ...fields[model] });
  });
