import { fields } from '../fields.ts';
import { kinds, lasting, type Option, type Target } from './kinds.ts';

export interface Fault {
  readonly id: string;
  /** A meter, a pool, or pool/index for one device. */
  readonly target: string;
  readonly kind: string;
  readonly options: Readonly<Record<string, number | string>>;
  /** Unix ms. */
  readonly start: number;
  /** Unix ms, null while it lasts. */
  readonly end: number | null;
}

/** A request that asks for what cannot be played; the control API answers it with 400. */
export class FaultRefused extends Error {
  override name = 'FaultRefused';
}

/** What a target is; `cannot` gives the reason why it cannot have a kind of fault that others of its sort can. */
export interface TargetFacts {
  readonly sort: Target;
  cannot(kind: string): string | null;
}

interface Entry {
  fault: Fault;
  readsLeft: number;
}

/** The faults played so far, in the order of their beginning: the only state that the twin has. */
export class FaultBoard {
  readonly #entries: Entry[] = [];
  readonly #facts: (target: string) => TargetFacts | null;
  constructor(facts: (target: string) => TargetFacts | null) {
    this.#facts = facts;
  }

  list(): Fault[] {
    return this.#entries.map(({ fault }) => fault);
  }

  /** All faults that a target ever had. */
  of(target: string): Fault[] {
    return this.list().filter((fault) => fault.target === target);
  }

  active(target: string): Fault[] {
    return this.of(target).filter(({ end }) => end === null);
  }

  /** Begins a fault from `{target, kind, …options}`. @throws FaultRefused */
  begin(spec: unknown, at: number): Fault {
    const asked = refused(() => fields(spec, 'fault'));
    const target = refused(() => asked.text('target'));
    const name = refused(() => asked.text('kind'));
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw new FaultRefused(`there is no fault of kind ${name}`);
    const facts = this.#facts(target);
    if (facts === null) throw new FaultRefused(`there is no meter, pool or device ${target}`);
    const reason = kind.on.includes(facts.sort) ? facts.cannot(name) : `it befalls a ${kind.on.join(' or a ')}`;
    if (reason !== null) throw new FaultRefused(`${name} is not for ${target}: ${reason}`);
    const options = optionsOf(asked.entries, kind.options);
    const id = `fault-${this.#entries.length + 1}`;
    const fault = { id, target, kind: name, options, start: at, end: lasting.includes(name) ? at : null };
    this.#entries.push({ fault, readsLeft: numberOf(fault, 'reads', 0) });
    return fault;
  }

  /** Ends the fault with that id, or all of a target. Gives those that it ended. */
  end(idOrTarget: string, at: number): Fault[] {
    return this.#entries
      .filter(({ fault }) => fault.end === null && [fault.id, fault.target].includes(idOrTarget))
      .map((entry) => (entry.fault = { ...entry.fault, end: at }));
  }

  /** Counts one spoilt answer of a fault that lasts for a number of reads. */
  spent({ id }: Fault, at: number): void {
    const entry = this.#entries.find(({ fault }) => fault.id === id);
    if (entry && entry.readsLeft > 0 && --entry.readsLeft === 0) this.end(id, at);
  }
}

/** A fault's option as a number. */
export function numberOf({ options }: Fault, option: string, otherwise: number): number {
  const found = options[option];
  return typeof found === 'number' ? found : otherwise;
}

function optionsOf(
  asked: ReadonlyMap<string, unknown>,
  allowed: Readonly<Record<string, Option>>,
): Record<string, number | string> {
  const stranger = asked.keys().find((key) => !['target', 'kind'].includes(key) && !Object.hasOwn(allowed, key));
  if (stranger !== undefined)
    throw new FaultRefused(`it has no option ${stranger}, only: ${Object.keys(allowed).join(', ') || 'none'}`);
  return Object.fromEntries(
    Object.entries(allowed).map(([key, option]) => [key, optionOf(key, asked.get(key) ?? option.preset, option)]),
  );
}

function optionOf(key: string, value: unknown, option: Option): number | string {
  if ('choices' in option) {
    if (typeof value === 'string' && option.choices.includes(value)) return value;
    throw new FaultRefused(`${key} is one of ${option.choices.join(', ')}, not ${JSON.stringify(value)}`);
  }
  if (typeof value === 'number' && value >= option.least && value <= option.most) return value;
  throw new FaultRefused(`${key} is a number from ${option.least} to ${option.most}, not ${JSON.stringify(value)}`);
}

function refused<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new FaultRefused(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
