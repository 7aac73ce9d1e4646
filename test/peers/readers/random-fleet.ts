import type { ExpositionSample } from '../../../exporter/read/reader.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Family } from '../../../model/schema/telemetry.ts';
import { rowsOf, type Row } from '../../../exporter/judge/device/device-value.ts';

/** Numbers from 0 to 1, always the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Labels = Record<string, string>;
interface Series {
  readonly name: string;
  readonly labels: Labels;
  readonly row: Row;
}

/** A few devices as an exporter of this family might tell of them, with most of what goes wrong; the same series at each instant. */
export function randomFleet(
  family: Family,
  accelerator: Accelerator,
  another: Accelerator,
  seed: number,
  instants: number,
): ExpositionSample[][] {
  const random = numbers(seed);
  const chance = (share: number): boolean => random() < share;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const rows = [...rowsOf(family)];
  const infos = rows.filter(([, { quantity }]) => quantity === 'info');
  // What a whole fleet has in common.
  const shy = new Set(rows.filter(([, { quantity }]) => quantity !== 'info' && chance(0.2)).map(([name]) => name));
  const [mixed, renamed, idless] = [chance(0.5), chance(0.5), chance(0.3)];
  const faults = chance(0.5) ? 0.12 : 0;
  const [podLabel, namespaceLabel] = [
    renamed ? family.pod[0] : family.pod.at(-1),
    family.namespace[renamed ? 0 : family.namespace.length - 1],
  ];
  const combination = family.identity.length > 1 && chance(0.5) ? pick(family.identity) : family.identity[0]!;

  function nameOf(): string | null {
    if (!chance(0.2)) return pick(accelerator.reported_as);
    return mixed ? pick(['Nobody X1', pick(another.reported_as)]) : pick(accelerator.reported_as).toUpperCase();
  }

  const series: Series[] = [];
  const devices = 2 + Math.floor(random() * 7);
  for (let device = 0; device < devices; device++) {
    const identity: Labels = { instance: `n${device >> 1}:9400` };
    for (const label of family.identity.flat()) identity[label] ??= '';
    for (const label of combination)
      identity[label] = label === 'instance' ? identity['instance']! : `${label}-${device}`;
    const name = nameOf();
    const modelLabel = family.model.length > 1 && chance(0.3) ? family.model[1] : family.model[0];
    const model: Labels = modelLabel !== undefined && name !== null ? { [modelLabel]: name } : {};
    const profiles = Object.keys(family.slice?.shares ?? {});
    const slices: (string | null)[] =
      family.slice && chance(0.4)
        ? Array.from({ length: 1 + Math.floor(random() * 3) }, () => (chance(0.1) ? 'odd' : pick(profiles)))
        : [null];
    if (slices[0] !== null && chance(0.2)) slices.push(null);
    slices.forEach((profile, slice) => {
      const sliceLabels: Labels =
        family.slice && profile !== null
          ? { [family.slice.label]: `${slice + 1}`, [family.slice.profile]: profile }
          : {};
      const pods = chance(0.3)
        ? [null]
        : Array.from({ length: chance(0.2) ? 2 : 1 }, (_, pod) => `pod-${device}-${slice}-${pod}`);
      for (const pod of pods) {
        const namespace = pick(['train', 'infer', 'other']);
        const holder: Labels =
          pod !== null && podLabel !== undefined
            ? { [podLabel]: pod, ...(namespaceLabel === undefined ? {} : { [namespaceLabel]: namespace }) }
            : {};
        const own: Labels =
          renamed && family.pod.length > 1
            ? { [family.pod[1]!]: 'exporter-x', [family.namespace[1]!]: 'monitoring' }
            : {};
        for (const [metric, row] of rows) {
          if (shy.has(metric) ? !chance(0.2) : chance(0.05)) continue;
          const isInfo = row.quantity === 'info';
          // Of several info metrics each says one thing; without any, all is said on every line.
          const says = infos.length === 0 || isInfo;
          const meant = Object.fromEntries(Object.entries(row.labels).map(([label, values]) => [label, pick(values)]));
          const labels = {
            ...identity,
            ...own,
            ...sliceLabels,
            ...(says ? model : {}),
            ...(says ? holder : {}),
            ...meant,
          };
          if (idless && chance(0.04)) for (const label of family.identity.flat()) labels[label] = '';
          series.push({
            name: metric,
            row,
            labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')),
          });
        }
      }
    });
  }
  const unique = [
    ...new Map(
      series.map((one) => [
        JSON.stringify([one.name, Object.entries(one.labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]),
        one,
      ]),
    ).values(),
  ];

  function good({ quantity, factor }: Row): number {
    const sure: Record<Row['quantity'], () => number> = {
      activity: () => pick([0, 0.005, random(), random(), 1, 1.02]),
      clock: () => pick([0, (accelerator.clock_ref_mhz ?? 1000) * (0.6 + 0.6 * random())]),
      power: () => Math.round((accelerator.tdp_w ?? 300) * random()),
      energy: () => Math.round(1e6 * random()),
      health: () => pick([0, 1, 1, 1, 2]) * factor,
      info: () => factor,
    };
    return sure[quantity]() / factor;
  }
  const bad = ({ factor }: Row): string =>
    pick(['NaN', '+Inf', '-Inf', String(family.sentinels[0] ?? -1), String(-0.5 / factor), String(5000 / factor)]);

  return Array.from({ length: instants }, () => {
    // Samples of one slice repeat its value, as exporters do; now and then they contradict each other.
    const said = new Map<string, string>();
    return unique.map(({ name, labels, row }): ExpositionSample => {
      const slice = family.slice ? (labels[family.slice.label] ?? '') : '';
      const place = JSON.stringify([name, slice, family.identity.flat().map((label) => labels[label])]);
      const text = said.get(place) ?? (chance(faults) ? bad(row) : String(good(row)));
      said.set(place, chance(faults / 4) ? String(good(row)) : text);
      return { name, labels, text, timestamp: null };
    });
  });
}

/** OpenMetrics text of the samples of several instants (seconds), each series' one after the other. */
export function* openMetrics(
  fleets: readonly { readonly labels: Labels; readonly instants: readonly (readonly ExpositionSample[])[] }[],
  at: (instant: number) => number,
): Generator<string> {
  const byName = new Map<string, string[]>();
  for (const { labels: more, instants } of fleets)
    (instants[0] ?? []).forEach(({ name, labels }, index) => {
      const pairs = Object.entries({ ...labels, ...more }).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
      const lines = instants.map(
        (samples, instant) => `${name}{${pairs.join(',')}} ${samples[index]?.text} ${at(instant)}\n`,
      );
      const known = byName.get(name) ?? [];
      known.push(...lines);
      byName.set(name, known);
    });
  for (const [name, lines] of byName) yield `# TYPE ${name} unknown\n${lines.join('')}`;
  yield '# EOF\n';
}
