import { createHmac, randomBytes } from 'node:crypto';

/** Compares a password with a bcrypt hash, off the main thread: one comparison is some 100 ms of work. */
export type Verify = (password: string, hash: string) => Promise<boolean>;

export type Verdict = 'ok' | 'refused' | 'busy';

/** Comparisons that may wait for the one that runs; whoever guesses passwords can hold up no more than these. */
const MAX_WAITING = 16;

/** HTTP Basic authentication (RFC 7617) against bcrypt hashes, one comparison at a time. */
export class BasicAuth {
  readonly #verify: Verify;
  readonly #key = randomBytes(32);
  /** Keys of what was found right, so that a scrape every 15 s costs one comparison; at most one per user. */
  readonly #right = new Set<string>();
  #users: ReadonlyMap<string, string>;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(users: ReadonlyMap<string, string>, verify: Verify) {
    this.#users = users;
    this.#verify = verify;
  }

  /** Takes the users of a file that was changed. */
  replace(users: ReadonlyMap<string, string>): void {
    this.#users = users;
    this.#right.clear();
  }

  /** Judges an Authorization header. */
  async check(header: string | undefined): Promise<Verdict> {
    const [, encoded] = /^basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
    if (encoded === undefined) return 'refused';
    const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
    const own = this.#users.get(user);
    // An unknown name costs as much as a known one, so that the time of an answer does not tell names apart.
    const hash = own ?? this.#users.values().next().value ?? '';
    const key = this.#cacheKey(user, own ?? '', password);
    if (this.#right.has(key)) return 'ok';
    if (this.#waiting >= MAX_WAITING) return 'busy';
    const right = await this.#inTurn(() => this.#verify(password, hash));
    if (!right || own === undefined || this.#users.get(user) !== own) return 'refused';
    this.#right.add(key);
    return 'ok';
  }

  async #inTurn(work: () => Promise<boolean>): Promise<boolean> {
    this.#waiting++;
    const mine = this.#last.then(work, work);
    this.#last = mine;
    try {
      return await mine;
    } finally {
      this.#waiting--;
    }
  }

  /** Lengths stand before the fields: joined bare, another user and password could make the same key (GHSA-7rg2-cxvp-9p7p). */
  #cacheKey(...fields: readonly string[]): string {
    const hmac = createHmac('sha256', this.#key);
    for (const field of fields) hmac.update(`${Buffer.byteLength(field)}:`).update(field);
    return hmac.digest('base64');
  }
}
