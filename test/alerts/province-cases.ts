import type { InputSeries } from './plant.ts';

/** A site's PUE over one window as its own exporter shows it. */
interface SiteWindow {
  readonly site: string;
  readonly window: string;
  readonly seconds: number;
  readonly facility: number;
  readonly it: number;
}

/** What the rules record of a window. */
interface Recorded {
  readonly window: string;
  /** 1: in, 0: shorter than others; a site that is not named here has no series */
  readonly included: Readonly<Record<string, 0 | 1>>;
  readonly sums?: { readonly facility: number; readonly it: number };
  readonly ratio?: number;
}

const DAY = 86_400;
const MINUTES = 10;
const steady = (value: number): string => `${value}x${MINUTES}`;

/** Twice, as two jobs scrape it or a pod moved: nothing may count twice. */
const shown = ({ site, window, seconds, facility, it }: SiteWindow): InputSeries[] =>
  ['a', 'b'].flatMap((instance) => {
    const labels = `instance="${instance}",site="${site}",window="${window}"`;
    return [
      { series: `greenflops_pue_window_seconds{${labels}}`, values: steady(seconds) },
      { series: `greenflops_pue_energy_joules{${labels},side="facility"}`, values: steady(facility) },
      { series: `greenflops_pue_energy_joules{${labels},side="it"}`, values: steady(it) },
    ];
  });
const none = (site: string, window: string): InputSeries => ({
  series: `greenflops_pue_unavailable{site="${site}",window="${window}",reason="coverage"}`,
  values: steady(1),
});

function ruleTest(title: string, input: readonly InputSeries[], expected: readonly Recorded[]): object {
  const samples = (name: string, rows: readonly (readonly [labels: string, value: number])[]): object => ({
    expr: name,
    eval_time: `${MINUTES - 1}m`,
    exp_samples: rows.map(([labels, value]) => ({ labels: `${name}{${labels}}`, value })),
  });
  return {
    name: title,
    interval: '1m',
    input_series: input,
    promql_expr_test: [
      samples(
        'site_window:greenflops_province_pue:included',
        expected.flatMap(({ window, included }) =>
          Object.entries(included).map(([site, value]) => [`site="${site}",window="${window}"`, value] as const),
        ),
      ),
      samples(
        'window_side:greenflops_province_pue_energy_joules:sum',
        expected.flatMap(({ window, sums }) =>
          sums
            ? (['facility', 'it'] as const).map((side) => [`side="${side}",window="${window}"`, sums[side]] as const)
            : [],
        ),
      ),
      samples(
        'window:greenflops_province_pue:ratio',
        expected.flatMap(({ window, ratio }) => (ratio === undefined ? [] : [[`window="${window}"`, ratio] as const])),
      ),
    ],
  };
}

const day = { window: '24h', seconds: DAY };
const a = { ...day, site: 'a', facility: 300, it: 200 };
const b = { ...day, site: 'b', facility: 1100, it: 1000 };

const list: readonly (readonly [string, readonly InputSeries[], readonly Recorded[]])[] = [
  [
    'the PUE of a province is a ratio of sums: 1.5 of 200 and 1.1 of 1000 are no 1.3',
    [a, b].flatMap(shown),
    [{ window: '24h', included: { a: 1, b: 1 }, sums: { facility: 1400, it: 1200 }, ratio: 1400 / 1200 }],
  ],
  [
    'a site without a PUE is not in that of the province',
    [...shown(a), none('b', '24h')],
    [{ window: '24h', included: { a: 1 }, sums: { facility: 300, it: 200 }, ratio: 1.5 }],
  ],
  [
    'a site whose window is shorter is not in that of the province, in that window alone',
    [
      ...[a, b].flatMap(shown),
      ...shown({ site: 'a', window: 'ytd', seconds: 300 * DAY, facility: 5000, it: 4000 }),
      ...shown({ site: 'b', window: 'ytd', seconds: 40 * DAY, facility: 9000, it: 6000 }),
    ],
    [
      { window: '24h', included: { a: 1, b: 1 }, sums: { facility: 1400, it: 1200 }, ratio: 1400 / 1200 },
      { window: 'ytd', included: { a: 1, b: 0 }, sums: { facility: 5000, it: 4000 }, ratio: 1.25 },
    ],
  ],
  ['a province without any PUE has none', [none('a', '24h'), none('b', '24h')], [{ window: '24h', included: {} }]],
];

/** Rule tests of the province's PUE, in the form of promtool. */
export const provinceCases = list.map(([title, input, expected]) => ({
  title,
  test: ruleTest(title, input, expected),
}));
