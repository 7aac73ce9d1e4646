import type { Metric } from '../../model/metrics/metric.ts';
import type { Text } from '../../model/text.ts';
import type { Scene } from './scene.ts';

/** A series and its value by hand: null where there must be none. */
export type Shown = readonly [metric: Metric, labels: Readonly<Record<string, string>>, value: number | null];

/** What the exporter must show at an hour, and the calculation by hand that says so. */
export interface Ask {
  /** Hours since the beginning */
  readonly at: number;
  readonly by: Text;
  readonly shows: readonly Shown[];
}

/** A plant, what happens to it, and what its numbers must be, worked out by hand. A test runs it; a page tells it. */
export interface Example {
  readonly id: string;
  readonly title: Text;
  readonly story: Text;
  /** Halls and meters, as in estate.yaml; the sites are named by `site:` of the meters */
  readonly estate: string;
  /** With its zone */
  readonly begin: string;
  readonly hours: number;
  /** How often meters are read, minutes */
  readonly every: number;
  /** Power of each meter that is read, kW, at the hours since the beginning */
  readonly load: Readonly<Record<string, (hour: number) => number>>;
  /** Stretches in hours since the beginning in which a meter gives no answer, ends excluded */
  readonly silent?: Readonly<Record<string, readonly (readonly [from: number, to: number])[]>>;
  /** Raw level of a register at the beginning, Wh. @default 5,000,000 */
  readonly start?: Readonly<Record<string, number>>;
  /** What somebody does at an hour */
  readonly acts?: readonly { readonly at: number; readonly text: Text; readonly act: (scene: Scene) => void }[];
  readonly asks: readonly Ask[];
}
