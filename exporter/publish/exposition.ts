import { getHeapStatistics } from 'node:v8';
import type { Emit, Metric } from '../../model/metrics/metric.ts';
import { droppedFamilySeries, droppedSeries } from '../../model/metrics/self.ts';
import type { Clock } from '../clock.ts';
import { Family, SampleError } from './text/family.ts';
import { LabelValues } from './text/label-values.ts';
import { isAlone, SeriesBudget } from './text/series-budget.ts';
import { Slices } from './text/slices.ts';
import { snapshot, type Appendix, type Block, type Snapshot } from './snapshot.ts';

/** Beyond this share of V8's limit a cycle takes no series that it has not seen before: better without them than dead. */
const FULL_HEAP = 0.9;

function usedHeap(): number {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  return used_heap_size / heap_size_limit;
}

/** Series that an exporter publishes at most. */
export const SERIES_BUDGET = 100_000;

export interface BoardOptions {
  /** The metrics that may be emitted, in the order of the text; `greenflops_dropped_series` is one of them, and by family. */
  readonly catalogue: readonly Metric[];
  readonly clock: Pick<Clock, 'wall'>;
  /** Series published at most; whole series beyond it are dropped and counted, those of single devices first. @default SERIES_BUDGET */
  readonly seriesBudget?: number;
  /** Used share of the heap's limit, 0-1. @default what V8 says */
  readonly heapShare?: () => number;
  /**
   * Takes a sample that cannot be published, so that it does not hide the others: of each metric and reason the first one,
   * and another one only after a cycle without. All are counted among the dropped series.
   * @default throws each
   */
  readonly refused?: (error: SampleError) => void;
}

/** One cycle while its samples are collected. */
export interface Cycle {
  readonly emit: Emit;
  /** Renders what was emitted; the appendix follows the families. A cycle can be finished once. */
  finish(appendix?: Appendix): Promise<Snapshot>;
}

/** Turns the samples of each cycle into a snapshot, and remembers the label text of every series between cycles. */
export class Board {
  readonly #families: ReadonlyMap<Metric, Family>;
  readonly #budget: SeriesBudget;
  readonly #clock: Pick<Clock, 'wall'>;
  readonly #heapShare: () => number;
  readonly #refused: BoardOptions['refused'];
  /** Metric and reason of what was refused in the cycle before, and in this one. */
  #told = new Set<string>();
  #telling = new Set<string>();
  #open: Cycle | null = null;
  #rendering = false;

  constructor({ catalogue, clock, seriesBudget = SERIES_BUDGET, heapShare = usedHeap, refused }: BoardOptions) {
    const values = new LabelValues();
    this.#families = new Map(catalogue.map((metric) => [metric, new Family(metric, values)]));
    this.#budget = new SeriesBudget(seriesBudget);
    this.#clock = clock;
    this.#heapShare = heapShare;
    this.#refused = refused;
  }

  /** Starts a cycle. One that was begun and never finished, because its collection failed, is forgotten. */
  begin(): Cycle {
    if (this.#rendering)
      throw new Error('Board.begin: the last cycle is still being rendered; await its finish() first');
    const at = this.#clock.wall();
    const admitNew = this.#heapShare() < FULL_HEAP;
    const budget = this.#budget;
    budget.begin();
    this.#told = this.#telling;
    this.#telling = new Set();
    for (const family of this.#families.values()) family.begin();

    const cycle: Cycle = {
      emit: (metric, labels, value) => {
        if (this.#open !== cycle) throw new Error(`${metric.name}: emitted into a cycle that is over`);
        try {
          const isIn = budget.hasRoom(metric) && this.#family(metric).set(labels, value, admitNew || isAlone(metric));
          if (isIn) budget.publish(metric);
          else budget.drop(metric);
        } catch (error) {
          if (!(error instanceof SampleError)) throw error;
          budget.refuse(metric);
          this.#tell(error);
        }
      },
      finish: async (appendix) => {
        if (this.#open !== cycle) throw new Error('Cycle.finish: the cycle is over');
        this.#open = null;
        let dropped = 0;
        for (const [{ name }, count] of budget.dropped) {
          dropped += count;
          this.#families.get(droppedFamilySeries)?.set({ family: name }, count, true);
        }
        this.#family(droppedSeries).set({}, dropped, true);
        this.#rendering = true;
        try {
          return await snapshot(at, await this.#render(), appendix);
        } finally {
          this.#rendering = false;
        }
      },
    };
    this.#open = cycle;
    return cycle;
  }

  #family(metric: Metric): Family {
    const family = this.#families.get(metric);
    if (!family)
      throw new SampleError(
        metric.name,
        'is not in the catalogue',
        `${metric.name} is not in the catalogue: a new metric is a row in model/metrics`,
      );
    return family;
  }

  #tell(error: SampleError): void {
    if (!this.#refused) throw error;
    const what = `${error.metric} ${error.reason}`;
    const isNew = !this.#told.has(what) && !this.#telling.has(what);
    this.#telling.add(what);
    if (isNew) this.#refused(error);
  }

  async #render(): Promise<Block[]> {
    const slices = new Slices();
    const blocks: Block[] = [];
    for (const family of this.#families.values()) {
      const { emitted } = family;
      const body = await family.render(slices);
      if (emitted > 0) blocks.push({ family, body });
    }
    return blocks;
  }
}
