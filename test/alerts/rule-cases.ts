import { requiredCompound } from '../../model/glide.ts';
import type { Target } from '../../model/schema/promise.ts';
import { queueCases } from './queue-cases.ts';
import { plant, type InputSeries, type Kind, type Phase } from './plant.ts';

/** What fires at a minute: values of the label that tells the alert's series apart, in order. */
type Firing = readonly [minute: number, firing: readonly string[]];

export interface RuleCase {
  readonly title: string;
  readonly alert: string;
  /** Label whose values `firing` lists. */
  readonly by: string;
  readonly input: readonly InputSeries[];
  readonly firing: readonly Firing[];
}

const H = 60;
const D = 24 * H;
/** 60 % of the shipped site's rated IT power. */
const good = { itKw: 240, pue: 1.2 };
/** A burn of 2.32: quiet, but a few minutes of one side without the other would not be. */
const near = { itKw: 240, pue: 1.58 };
const bad = { itKw: 240, pue: 1.75 };
const fires = ['nanchang'];
const quiet: readonly string[] = [];
const during = (from: number, to: number, firing: readonly string[], every = 7): Firing[] =>
  Array.from({ length: Math.ceil((to - from) / every) }, (_, index) => [from + index * every, firing] as const);

const burn =
  (alert: string, by = 'site') =>
  (title: string, phases: readonly Phase[], firing: readonly Firing[], kind?: Kind): RuleCase => ({
    title,
    alert,
    by,
    input: plant(phases, kind),
    firing,
  });
const fast = burn('GreenflopsPueBudgetBurnFast');
const slow = burn('GreenflopsPueBudgetBurnSlow', 'long');

/** The same series, from a minute on under another instance, after one without any. */
const restarted = (input: readonly InputSeries[], at: number): InputSeries[] =>
  input.flatMap(({ series, values }) => {
    const all = values.split(' ');
    const under = (instance: string, keep: (minute: number) => boolean): InputSeries => ({
      series: series.replace('{', `{instance="${instance}",`),
      values: all.map((value, minute) => (keep(minute) ? value : '_')).join(' '),
    });
    return [under('a', (minute) => minute < at), under('b', (minute) => minute > at)];
  });

const fastCases: readonly RuleCase[] = [
  fast(
    'fires at a PUE of 1.75, after the whole window was seen',
    [{ minutes: 8 * H, ...bad }],
    [...during(0, 6 * H + 20, quiet), [6 * H + 30, fires], [8 * H - 1, fires]],
  ),
  fast(
    'is quiet at the target and just below the factor',
    [
      { minutes: 8 * H, itKw: 240, pue: 1.25 },
      { minutes: 8 * H, itKw: 240, pue: 1.59 },
    ],
    during(0, 16 * H, quiet),
  ),
  fast('is quiet at part load', [{ minutes: 10 * H, itKw: 40, pue: 1.9 }], during(0, 10 * H, quiet)),
  fast(
    'resolves when the plant is well again',
    [
      { minutes: 8 * H, ...bad },
      { minutes: 2 * H, ...good },
    ],
    [
      [8 * H - 1, fires],
      [9 * H + 30, quiet],
    ],
  ),
  ...(['gate', 'ups'] as const).flatMap((dead) => [
    fast(
      `a dead ${dead} meter resolves nothing, for longer than a day; evidence does when it is back`,
      [
        { minutes: 8 * H, ...bad },
        { minutes: 26 * H, ...good, dead },
        { minutes: 3 * H, ...good },
      ],
      [...during(8 * H, 34 * H + 10, fires, 31), [35 * H + 30, quiet], [37 * H - 1, quiet]],
    ),
    ...([20, 300] as const).flatMap((minutes) =>
      (['register', 'power'] as const).map((kind) =>
        fast(
          `a ${dead} meter (${kind}) that is dead for ${minutes} min fires nothing, nor when it is back`,
          [
            { minutes: 7 * H, ...near },
            { minutes, ...near, dead },
            { minutes: 9 * H, ...near },
          ],
          during(6 * H, 16 * H + minutes, quiet),
          kind,
        ),
      ),
    ),
  ]),
  ...[{ dead: 'gate' as const }, { dead: 'gate' as const, refusing: true as const }].map((silence) =>
    fast(
      `energy that comes at once after 50 min (${silence.refusing ? 'refused' : 'silent'}) is no fault of the last half hour`,
      [
        // Six hours that burn, then none that does: only the half hour keeps the alert quiet.
        { minutes: 6 * H + 10, itKw: 240, pue: 1.8 },
        { minutes: 50, itKw: 240, pue: 1.3 },
        { minutes: 50, itKw: 240, pue: 1.3, ...silence },
        { minutes: 5 * H, itKw: 240, pue: 1.3 },
      ],
      during(0, 12 * H + 45, quiet),
    ),
  ),
  fast(
    'a gap that the beginning of the window cuts is no fault of it',
    [
      { minutes: 7 * H, ...near },
      { minutes: 50, ...near, dead: 'gate' },
      { minutes: 5 * H + 20, ...near },
      // Only the six hours keep the alert quiet.
      { minutes: 45, itKw: 240, pue: 1.63 },
      { minutes: 2 * H, ...near },
    ],
    during(0, 16 * H, quiet),
  ),
  fast(
    'energy that a lone power reading lost is no fault of the plant',
    [
      { minutes: 7 * H, ...near },
      { minutes: 90, ...near, dead: 'ups' },
      { minutes: H, ...near },
      { minutes: 60, itKw: 240, pue: 1.63 },
      { minutes: 2 * H, ...near },
    ],
    during(0, 12 * H, quiet),
    'power',
  ),
  fast(
    'a meter that answers what nobody believes is dead too',
    [
      { minutes: 8 * H, ...near },
      { minutes: 50, ...near, dead: 'ups', refusing: true },
      { minutes: 7 * H, ...near },
    ],
    during(6 * H, 15 * H, quiet),
  ),
  fast(
    'a meter that dies before the evidence has lasted fires nothing',
    [
      { minutes: 6 * H + 20, ...bad },
      { minutes: 10 * H, ...bad, dead: 'ups' },
    ],
    during(0, 16 * H, quiet),
  ),
  fast(
    'an exporter that is gone for longer than a day resolves nothing',
    [
      { minutes: 8 * H, ...bad },
      { minutes: 26 * H, ...good, dead: 'exporter' },
    ],
    during(8 * H, 34 * H, fires, 31),
  ),
  fast(
    'an exporter that begins anew beside a register that stands still resolves nothing before it can have seen that',
    [
      { minutes: 8 * H, ...bad },
      { minutes: 5, ...bad, dead: 'gate', refusing: true },
      { minutes: 20, ...bad, dead: 'exporter' },
      // Without its ledger it believes the register for some minutes: the half hour would lack the gate's energy.
      { minutes: 4, ...bad, dead: 'gate', unnoticed: true },
      { minutes: 3 * H, ...bad, dead: 'gate', refusing: true },
    ],
    during(8 * H, 11 * H, fires),
  ),
  ...[5, 25].flatMap((minutes) => [
    fast(
      `a gate that freezes unnoticed for ${minutes} minutes resolves nothing`,
      [
        { minutes: 8 * H, ...bad },
        { minutes, ...bad, dead: 'gate', unnoticed: true },
        { minutes: 5 * H, ...bad, dead: 'gate', refusing: true },
      ],
      during(8 * H, 13 * H, fires),
    ),
    fast(
      `an IT meter that freezes unnoticed for ${minutes} minutes fires nothing`,
      [
        { minutes: 8 * H, ...near },
        { minutes, ...near, dead: 'ups', unnoticed: true },
        { minutes: 5 * H, ...near, dead: 'ups', refusing: true },
      ],
      during(6 * H + 30, 13 * H, quiet),
    ),
  ]),
  {
    title: 'an exporter that starts again as another instance resolves nothing',
    alert: 'GreenflopsPueBudgetBurnFast',
    by: 'site',
    input: restarted(plant([{ minutes: 10 * H, itKw: 160, pue: 1.75 }]), 8 * H + 5),
    firing: during(8 * H, 10 * H, fires, 3),
  },
  fast(
    'an exporter that comes back after five hours fires nothing',
    [
      { minutes: 7 * H, ...near },
      { minutes: 5 * H, ...near, dead: 'exporter' },
      { minutes: 8 * H, ...near },
    ],
    during(6 * H, 20 * H, quiet),
  ),
];

const slowCases: readonly RuleCase[] = [
  slow(
    'fires over a day at a PUE of 1.45',
    [{ minutes: 27 * H, itKw: 240, pue: 1.45 }],
    [
      [25 * H, quiet],
      [26 * H, ['1d']],
    ],
  ),
  slow(
    'fires over three days at a PUE of 1.28, which is quiet over one',
    [{ minutes: 77 * H, itKw: 240, pue: 1.28 }],
    [
      [48 * H, quiet],
      [75 * H, quiet],
      [76 * H, ['3d']],
    ],
  ),
  slow('is quiet at part load', [{ minutes: 27 * H, itKw: 40, pue: 1.6 }], during(0, 27 * H, quiet, 61)),
  slow(
    'a dead meter does not resolve it; evidence does when it is back',
    [
      { minutes: 27 * H, itKw: 240, pue: 1.45 },
      { minutes: 26 * H, ...good, dead: 'ups' },
      { minutes: 5 * H, ...good },
    ],
    [[27 * H - 1, ['1d']], ...during(27 * H, 53 * H, ['1d'], 61), [57 * H, quiet]],
  ),
];

const silent = burn('GreenflopsMeterSilent', 'side');
const meterCases: readonly RuleCase[] = [
  silent(
    'fires ten minutes after a meter fell silent, and ends after it is back',
    [
      { minutes: H, ...good },
      { minutes: H, ...good, dead: 'gate' },
      { minutes: H, ...good },
    ],
    [
      [H + 9, quiet],
      [H + 11, ['facility']],
      [2 * H - 1, ['facility']],
      [2 * H + 15, quiet],
    ],
  ),
  silent(
    'is quiet for a failure of three minutes',
    [
      { minutes: H, ...good },
      { minutes: 3, ...good, dead: 'ups' },
      { minutes: H, ...good },
    ],
    during(0, 2 * H, quiet, 1),
  ),
  silent(
    'fires for a meter that answers what nobody believes',
    [
      { minutes: H, ...good },
      { minutes: H, ...good, dead: 'ups', refusing: true },
    ],
    [[2 * H - 1, ['it']]],
  ),
  silent(
    'fires for an exporter that is gone, for as long as it is gone',
    [
      { minutes: H, ...good },
      { minutes: 26 * H, ...good, dead: 'exporter' },
    ],
    [
      [H, quiet],
      [H + 20, ['all']],
      [27 * H - 1, ['all']],
    ],
  ),
];

/** The site is in a declared maintenance window during [from, to) of the minutes. */
const maintained = (input: readonly InputSeries[], from: number, to: number): InputSeries[] => [
  ...input,
  { series: 'greenflops_maintenance{site="nanchang"}', values: `_x${from - 1} 1x${to - from - 1} _x600` },
];
const unknownModel: InputSeries = {
  series: 'greenflops_unknown_accelerator{site="nanchang",pool="nc-a800",model="B99"}',
  values: '3x400',
};

const maintenanceCases: readonly RuleCase[] = [
  {
    title: 'is quiet while its site is maintained, and speaks when the window ends and the meter is still dead',
    alert: 'GreenflopsMeterSilent',
    by: 'side',
    input: maintained(
      plant([
        { minutes: H, ...good },
        { minutes: 4 * H, ...good, dead: 'gate' },
      ]),
      H - 5,
      3 * H,
    ),
    firing: [...during(H, 3 * H + 5, quiet), [3 * H + 15, ['facility']]],
  },
  {
    title: 'maintenance of a site resolves what burns there, and the rest of the day it fires again',
    alert: 'GreenflopsPueBudgetBurnFast',
    by: 'site',
    input: maintained(plant([{ minutes: 10 * H, ...bad }]), 8 * H, 9 * H),
    firing: [
      [8 * H - 1, fires],
      [8 * H + 30, quiet],
      [9 * H + 30, fires],
    ],
  },
  {
    title: 'maintenance of another site mutes nothing here',
    alert: 'GreenflopsUnknownAccelerator',
    by: 'model',
    input: [unknownModel, { series: 'greenflops_maintenance{site="poyang"}', values: '1x400' }],
    firing: [[30, ['B99']]],
  },
  {
    title: 'maintenance of its site mutes an unknown model',
    alert: 'GreenflopsUnknownAccelerator',
    by: 'model',
    input: [unknownModel, { series: 'greenflops_maintenance{site="nanchang"}', values: '1x400' }],
    firing: [[30, quiet]],
  },
];

const deviceCases: readonly RuleCase[] = [
  {
    title: 'fires while a model is unknown, and ends an hour after it went',
    alert: 'GreenflopsUnknownAccelerator',
    by: 'model',
    input: [
      {
        series: 'greenflops_unknown_accelerator{site="nanchang",pool="nc-a800",model="B99"}',
        values: `_x30 3x60 _x120`,
      },
    ],
    firing: [
      [38, quiet],
      [42, ['B99']],
      [90, ['B99']],
      [2.5 * H + 6, quiet],
    ],
  },
];

const suspects = (suspect: string, labels: string, values: string): InputSeries => ({
  series: `greenflops_closure_suspect{site="nanchang",${labels}suspect="${suspect}"}`,
  values,
});
const closureCases: readonly RuleCase[] = [
  {
    title: 'fires for what has been suspected for ten minutes, each by its name, and ends an hour after it went',
    alert: 'GreenflopsClosureSuspect',
    by: 'suspect',
    input: [
      suspects('boundary_missing', '', `_x30 1x60 _x120`),
      suspects('milliwatts_as_watts', 'pool="nc-a800",', `_x90 1x120`),
    ],
    firing: [
      [38, quiet],
      [42, ['boundary_missing']],
      [110, ['boundary_missing', 'milliwatts_as_watts']],
      [2.5 * H + 6, ['milliwatts_as_watts']],
    ],
  },
  {
    title: 'is quiet where nothing is suspected, or for five minutes only, whatever is not explained',
    alert: 'GreenflopsClosureSuspect',
    by: 'suspect',
    input: [
      suspects('meter_children_exceed', 'meter="nc-ups-1",', `_x30 1x4 _x120`),
      { series: 'greenflops_closure_unexplained_ratio{site="nanchang",level="boundary"}', values: '0.4x150' },
    ],
    firing: during(0, 2 * H, quiet, 5),
  },
];

/** Sixty hours from midnight (China) of a day on: what is required by the plan's own arithmetic, beside a value that stays. */
function path(target: Target, dayOfActual: number): InputSeries[] {
  const start = Date.parse('2027-03-01T00:00:00+08:00');
  const required = (day: number): number => requiredCompound(target, start + day * 86_400_000) ?? Number.NaN;
  const labels = 'target="computing-service-scale",milestone="2030"';
  return [
    {
      series: `greenflops_plan_required{${labels}}`,
      values: [0, 1, 2].map((day) => `${required(day)}x${D - 1}`).join(' '),
    },
    // Two exporters with a site each: neither has the whole.
    ...['nanchang', 'poyang'].map((site) => ({
      series: `greenflops_compute_pflops{site="${site}",pool="p",precision="fp16",step="nominal",tier="none"}`,
      values: `${required(dayOfActual) / 2}x${3 * D - 1}`,
    })),
    { series: 'greenflops_target_info{target="computing-service-scale",comparator=">="}', values: `1x${3 * D - 1}` },
  ];
}

const planCases = (target: Target): readonly RuleCase[] => {
  const of = { alert: 'GreenflopsPlanBehindGlidePath', by: 'target' };
  const behind = [target.id];
  return [
    {
      ...of,
      title: 'fires one day behind, after an hour',
      input: path(target, -1),
      firing: [
        [59, quiet],
        [61, behind],
        [3 * D - 1, behind],
      ],
    },
    {
      ...of,
      title: 'is quiet one day ahead, and on the day itself, and fires on the next',
      input: path(target, 1),
      firing: [
        [D - 1, quiet],
        [2 * D - 1, quiet],
        [2 * D + 61, behind],
      ],
    },
  ];
};

export const ruleCases = (target: Target): readonly RuleCase[] => [
  ...fastCases,
  ...slowCases,
  ...meterCases,
  ...maintenanceCases,
  ...deviceCases,
  ...closureCases,
  ...planCases(target),
  ...queueCases,
];
