/** A DNS subdomain as Kubernetes takes it: ASCII, lower case. */
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
/** What cdktf leaves of an id (cdktf lib/private/unique.js). */
const kept = (id: string): string => id.replace(/[^A-Za-z0-9_-]/g, '');

/**
 * The ids of one stack. cdktf drops what it does not like from an id without a word: 南昌 and 九江 both become '' and
 * a.b becomes ab, and of two resources with one id the first is lost. Here both are errors.
 */
export class Ids {
  readonly #stack: string;
  readonly #taken = new Map<string, string>();
  constructor(stack: string) {
    this.#stack = stack;
  }

  /** The id of an object, from what never changes in its life: kind, namespace, name. Throws where it cannot be unique. */
  of(kind: string, ...names: readonly string[]): string {
    const wrong = names.find((name) => !NAME.test(name));
    if (wrong !== undefined) {
      throw new Error(
        `${this.#stack}: "${wrong}" cannot name a ${kind}: ids are ASCII lower-case letters, digits, '-' and '.'; ` +
          'put Chinese names into name: { zh, en }',
      );
    }
    // No name holds '_', so that two different rows of names never join to one text.
    const whole = [kind.toLowerCase(), ...names].join('_');
    const id = kept(whole);
    const other = this.#taken.get(id);
    if (other !== undefined) {
      throw new Error(
        other === whole
          ? `${this.#stack}: ${kind} ${names.join('/')} is declared twice`
          : `${this.#stack}: ${whole} and ${other} would share the Terraform id ${id}: rename one of them`,
      );
    }
    this.#taken.set(id, whole);
    return id;
  }
}
