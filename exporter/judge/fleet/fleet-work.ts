import { matcher, oneOf } from '../../read/prometheus/promql.ts';
import type { Signal, Tier } from '../device/device.ts';
import type { FleetSeries } from './fleet-series.ts';

const WITHOUT_CLOCK: Readonly<Record<Signal, Tier>> = { tensor: 'T2', core: 'T3', busy: 'T4', reported: 'T5' };

/** Activity by one metric, of the devices for which it is the best signal. */
export interface FleetActivity {
  /** By slice where a device's slices all speak, else by device; a slice's part of its device, 0-1 */
  readonly parts: string;
  /** By slice, also where the figure is the device's own; by device where it has no slices */
  readonly spread: string;
  /** Figures above 1, before they are cut down */
  readonly above: string;
  readonly signal: Signal;
  readonly metric: string;
}

/** By slice of devices of the declared model: its profile's share of the device. Rounded shares make no more than one device. */
function sharesOf(series: FleetSeries): { known: string; clear: string; all: string } {
  const { slice } = series.scope.family;
  if (!slice) throw new TypeError(`family ${series.scope.family.id} knows no slices`);
  const isSlice = matcher(slice.label, '!=', '');
  const byShare = Map.groupBy(series.facts.profiles, (profile) => slice.shares[profile] ?? null);
  const groups = [...byShare].flatMap(([share, profiles]) =>
    share === null
      ? []
      : [`${series.tuples(series.key, [isSlice, matcher(slice.profile, '=~', oneOf(profiles))])} * ${share}`],
  );
  const all = series.tuples(series.key, [isSlice]);
  const { unclear, overfull } = series.facts.oddities;
  const shares = `(${groups.join(' or ') || 'vector(1) > 1'})`;
  // Of a slice that names two profiles nobody knows which one holds.
  const clear = unclear ? `(${shares} unless on (${series.key}) (${twoProfiles(series)}))` : shares;
  const total = `clamp_min(sum by (${series.id}) (${clear}), 1)`;
  return { known: overfull ? `(${clear} / on (${series.id}) group_left () ${total})` : clear, clear, all };
}

function twoProfiles(series: FleetSeries): string {
  const { label, profile } = series.scope.family.slice ?? { label: '', profile: '' };
  const profiles = series.tuples(`${series.key},${profile}`, [matcher(label, '!=', '')]);
  return `count by (${series.key}) (${profiles}) > 1`;
}

/** What tells of oddities of slices, each empty where there are none; `holes` is by slice, of one activity metric. */
export const odd = {
  unclear: twoProfiles,
  overfull: (series: FleetSeries): string => `sum by (${series.id}) (${sharesOf(series).known}) > 1`,
  holes: (series: FleetSeries, metric: string): string => {
    const { clear, all } = sharesOf(series);
    const value = series.perSlice(metric, [matcher(series.scope.family.slice?.label ?? '', '!=', '')]);
    return `${all} unless on (${series.key}) (${value} and on (${series.key}) ${clear})`;
  },
};

/** What a slice is of its device, and 1 for devices without slices. */
export function units(series: FleetSeries): string {
  const whole = series.tuples(series.id);
  if (!series.sliced) return whole;
  const { known, all } = sharesOf(series);
  return `(${known} or (${whole} unless on (${series.id}) ${all}))`;
}

/** Activity by each metric that is some device's best signal, best first. */
export function activities(series: FleetSeries, metrics = series.facts.activity): FleetActivity[] {
  const { id } = series;
  const better: string[] = [];
  return metrics.map((metric) => {
    const row = series.scope.rows.get(metric);
    const figures = figuresOf(series, metric, row?.merge === 'weighted');
    const rest = better.length === 0 ? '' : ` unless on (${id}) (${better.join(' or ')})`;
    better.push(`group by (${id}) (${figures.parts})`);
    const left = (expression: string): string => (rest === '' ? expression : `(${expression}${rest})`);
    return {
      parts: left(figures.parts),
      spread: left(figures.spread),
      above: left(figures.above),
      signal: row?.signal ?? 'reported',
      metric,
    };
  });
}

type Figures = Omit<FleetActivity, 'signal' | 'metric'>;

/** As `activityOf` of single devices: the sum over slices, provided that every slice speaks and has a known share. */
function figuresOf(series: FleetSeries, metric: string, weighted: boolean): Figures {
  const { id, key } = series;
  const { slice } = series.scope.family;
  if (!series.sliced || !slice) {
    const value = series.perSlice(metric);
    const parts = `clamp_max(${value}, 1)`;
    return { parts, spread: parts, above: `(${value} > 1)` };
  }
  const { known, all } = sharesOf(series);
  const own = weighted ? series.perSlice(metric, [matcher(slice.label, '=', '')]) : series.once(metric);
  if (!weighted) return spreadOf(`(${own})`, `(${own} > 1)`);
  const value = series.perSlice(metric, [matcher(slice.label, '!=', '')]);
  const busy = slice.relative ? value : `(${value} / on (${key}) ${known})`;
  const cutDown = `(clamp_max(${busy}, 1) * on (${key}) ${known})`;
  if (!series.facts.oddities.holes.has(metric)) {
    const whole = `(${own} unless on (${id}) ${all})`;
    const parts = `(${cutDown} or clamp_max(${whole}, 1))`;
    return { parts, spread: parts, above: `(${busy} > 1 or ${whole} > 1)` };
  }
  const holes = `group by (${id}) (${odd.holes(series, metric)})`;
  const sliced = `(${cutDown} unless on (${id}) ${holes})`;
  const whole = `(${own} unless on (${id}) (${all} unless on (${id}) ${holes}))`;
  return spreadOf(whole, `((${busy} > 1 unless on (${id}) ${holes}) or ${whole} > 1)`, sliced);

  function spreadOf(figure: string, above: string, first?: string): Figures {
    const cut = `clamp_max(${figure}, 1)`;
    const start = first === undefined ? '' : `${first} or `;
    return {
      parts: `(${start}${cut})`,
      spread: `(${start}(${known} * on (${id}) group_left () ${cut}) or (${cut} unless on (${id}) ${all}))`,
      above,
    };
  }
}

/** Devices whose clock enters the figure, with its value in MHz; null: no clock does. A clock of 0 is no clock. */
export function clockOf(series: FleetSeries): string | null {
  const { family, accelerator } = series.scope;
  const metric = family.clock?.metric;
  if (accelerator.clock_ref_mhz === null || metric === undefined || !series.facts.present.includes(metric)) return null;
  return `(${series.once(metric)} > 0)`;
}

interface Clocked {
  readonly tier: Tier;
  /** Multiplies work by clock / reference clock where it enters */
  readonly clocked: (work: string) => string;
}

/** The tiers that a signal's devices have: one without a clock is weaker evidence, and is not mixed with the others. */
export function tiersOf(series: FleetSeries, { signal, metric }: Pick<FleetActivity, 'signal' | 'metric'>): Clocked[] {
  const clock = clockOf(series);
  const without = WITHOUT_CLOCK[signal];
  if (clock === null) return [{ tier: without, clocked: (work) => work }];
  const ratio = `${clock} / ${series.scope.accelerator.clock_ref_mhz}`;
  // Upper bounds hold at the reference clock: only a boost above it counts.
  const factor = signal === 'tensor' ? `(${ratio})` : `clamp_min(${ratio}, 1)`;
  const both: (Clocked & { readonly there: ReadonlySet<string> })[] = [
    {
      tier: signal === 'tensor' ? 'T1' : without,
      clocked: (work) => `(${work}) * on (${series.id}) group_left () ${factor}`,
      there: series.facts.clocked,
    },
    {
      tier: without,
      clocked: (work) => `(${work}) unless on (${series.id}) ${clock}`,
      there: series.facts.clockless,
    },
  ];
  return both.filter(({ there }) => there.has(metric));
}
