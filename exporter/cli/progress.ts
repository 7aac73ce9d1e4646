import { stderr } from 'node:process';

const WIDTH = 30;
const count = (n: number): string => n.toLocaleString('en-US');

/** A bar on a terminal; silent where nobody watches. */
export class Progress {
  readonly #total: number;
  readonly #unit: string;
  #shown = -1;

  constructor(total: number, unit: string) {
    this.#total = total;
    this.#unit = unit;
  }

  show(done: number): void {
    const percent = Math.floor((100 * done) / this.#total);
    if (!stderr.isTTY || percent === this.#shown) return;
    this.#shown = percent;
    const full = '█'.repeat(Math.round((WIDTH * done) / this.#total)).padEnd(WIDTH, '░');
    stderr.write(`\r${full} ${String(percent).padStart(3)} %  ${count(done)} / ${count(this.#total)} ${this.#unit}`);
    if (done === this.#total) stderr.write('\n');
  }
}
