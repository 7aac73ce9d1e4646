import { floor, multiply, rational, type Rational } from '../../../model/rational.ts';
import type { Certificate } from '../../../model/schema/certificate.ts';
import type { Estate } from '../../../model/schema/estate.ts';
import type { CertificateState } from '../../../model/reasons.ts';
import { HOUR } from '../pue/window.ts';

/** A certificate's energy as far as one site has it. */
export interface Share {
  readonly id: string;
  readonly kind: Certificate['kind'];
  /** [from, to), full hours */
  readonly from: number;
  readonly to: number;
  readonly millijoules: bigint;
  /** What one hour may use at most; null: whatever is left */
  readonly hourCap: bigint | null;
}

const MILLIJOULES_PER_MWH = rational(3_600_000_000_000n);
const millijoules = (mwh: Rational): bigint => floor(multiply(mwh, MILLIJOULES_PER_MWH));

/**
 * The shares of a site in the order in which they are used: those that an hour loses first, then the oldest-ending one.
 * What ends first goes first, so that no other order would use more.
 */
export function sharesOf({ sites, certificates }: Estate, site: string): Share[] {
  const matching = sites.find(({ id }) => id === site)?.certificate_matching;
  return certificates
    .flatMap(({ id, kind, from, to, mwh, hourly = matching === 'hourly', ...held }): Share[] => {
      const parts = held.allocations?.filter((part) => part.site === site) ?? (held.site === site ? [{ mwh }] : []);
      if (parts.length === 0) return [];
      const energy = parts.reduce((sum, part) => sum + millijoules(part.mwh), 0n);
      const hourCap = hourly ? energy / BigInt((to - from) / HOUR) : null;
      return [{ id, kind, from, to, millijoules: energy, hourCap }];
    })
    .sort((a, b) => Number(a.hourCap === null) - Number(b.hourCap === null) || a.to - b.to || a.from - b.from);
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const atLeastZero = (value: bigint): bigint => (value > 0n ? value : 0n);

/** What a site has used of its certificates, millijoule by millijoule as it consumed, in the order of time. */
export class CertificateUse {
  readonly shares: readonly Share[];
  /** By id; by 'id@hour' what the newest hour of an hourly one used. */
  readonly #used: Map<string, bigint>;

  /** @param used what was used before, as `used` gave it */
  constructor(shares: readonly Share[], used: ReadonlyMap<string, bigint> = new Map()) {
    this.shares = shares;
    this.#used = new Map(used);
  }

  get used(): ReadonlyMap<string, bigint> {
    return this.#used;
  }

  usedOf = ({ id }: Share): bigint => this.#used.get(id) ?? 0n;

  /**
   * Covers grid energy, in mJ, of a span of time that begins at `at`, within which no share begins or ends; within one
   * hour where a share is matched by the hour. Gives what is covered.
   */
  take(at: number, energy: bigint): bigint {
    let open = atLeastZero(energy);
    for (const share of this.shares) {
      if (open === 0n) break;
      if (at < share.from || at >= share.to) continue;
      const part = least(open, this.#room(share, at));
      this.#book(share, at, part);
      open -= part;
    }
    return atLeastZero(energy) - open;
  }

  #hourKey = ({ id }: Share, at: number): string => `${id}@${Math.floor(at / HOUR) * HOUR}`;

  #room(share: Share, at: number): bigint {
    const left = atLeastZero(share.millijoules - this.usedOf(share));
    if (share.hourCap === null) return left;
    return least(left, atLeastZero(share.hourCap - (this.#used.get(this.#hourKey(share, at)) ?? 0n)));
  }

  #book(share: Share, at: number, part: bigint): void {
    this.#used.set(share.id, this.usedOf(share) + part);
    if (share.hourCap === null) return;
    const hour = this.#hourKey(share, at);
    const before = this.#used.get(hour) ?? 0n;
    for (const key of this.#used.keys()) if (key.startsWith(`${share.id}@`)) this.#used.delete(key);
    this.#used.set(hour, before + part);
  }

  /** What is not used at an instant, a full hour: what still can be, and what no longer can. */
  left(share: Share, at: number): Record<CertificateState, bigint> {
    const rest = atLeastZero(share.millijoules - this.usedOf(share));
    const hours = Math.max(0, share.to - Math.max(at, share.from)) / HOUR;
    const usable = hours === 0 ? 0n : share.hourCap === null ? rest : least(rest, share.hourCap * BigInt(hours));
    return { usable, surplus: rest - usable };
  }
}
