import { Stop } from '../say.ts';

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

  /** The id of an object, from what never changes in its life: kind, namespace, name. Throws Stop where it cannot be unique. */
  of(kind: string, ...names: readonly string[]): string {
    const wrong = names.find((name) => !NAME.test(name));
    if (wrong !== undefined) {
      throw new Stop({
        zh: `${this.#stack}："${wrong}" 不能作 ${kind} 的名称：id 只能用小写 ASCII 字母、数字、- 和 .；中文名写在 name: { zh, en }`,
        en: `${this.#stack}: "${wrong}" cannot name a ${kind}: ids are ASCII lower-case letters, digits, '-' and '.'; put Chinese names into name: { zh, en }`,
      });
    }
    // No name holds '_', so that two different rows of names never join to one text.
    const whole = [kind.toLowerCase(), ...names].join('_');
    const id = kept(whole);
    const other = this.#taken.get(id);
    if (other !== undefined) {
      throw new Stop(
        other === whole
          ? {
              zh: `${this.#stack}：${kind} ${names.join('/')} 声明了两次`,
              en: `${this.#stack}: ${kind} ${names.join('/')} is declared twice`,
            }
          : {
              zh: `${this.#stack}：${whole} 与 ${other} 会共用 Terraform 的 id ${id}：请给其中一个改名`,
              en: `${this.#stack}: ${whole} and ${other} would share the Terraform id ${id}: rename one of them`,
            },
      );
    }
    this.#taken.set(id, whole);
    return id;
  }
}
