/** Something that several meters use and one closes. */
interface Shared {
  close(): unknown;
}

/** What sources share, each opened at its first use: a gateway's connection, a session, a text that several meters stand in. */
export class Gateways {
  readonly #shared = new Map<string, Shared>();

  /**
   * @param key kind and address, and whatever else makes it another one: 'modbus-tcp 10.1.2.3:502'
   * @param open called for the first user of the key
   */
  shared<T extends Shared>(key: string, open: () => T): T {
    // One key has one kind of thing: the key begins with the kind.
    const known = this.#shared.get(key) as T | undefined;
    if (known) return known;
    const opened = open();
    this.#shared.set(key, opened);
    return opened;
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#shared.values(), (one) => one.close()));
  }
}
