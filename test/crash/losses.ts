/** What kills have cost, as it was measured. */
export class Losses {
  kills = 0;
  /** Published energy that the store no longer had, and energy of registers that was not credited after a kill; mJ. */
  lost = 0n;
  /** Credited beyond the truth, mJ */
  doubled = 0n;
  /** Series that showed less than they had shown before */
  stepsBack = 0;

  add({ kills, lost, doubled, stepsBack }: Losses): void {
    this.kills += kills;
    this.lost += lost;
    this.doubled += doubled;
    this.stepsBack += stepsBack;
  }

  /** Takes the next difference of truth and total: what it grew by was lost, what it shrank by was counted twice. */
  drift(before: bigint, now: bigint): void {
    if (now > before) this.lost += now - before;
    else this.doubled += before - now;
  }

  toString(): string {
    return `kills=${this.kills} lost_j=${Number(this.lost) / 1000} steps_back=${this.stepsBack}`;
  }
}

/** Of every kill of this run, whichever check made it. */
export const losses = new Losses();
