import type { RuleCase } from './rule-cases.ts';
import type { InputSeries } from './plant.ts';

const labels = 'site="nanchang",source="nc-a",tenant="copper-ai"';
const gauge = (name: string, values: string, more = ''): InputSeries => ({
  series: `greenflops_${name}{${labels}${more}}`,
  values,
});
const quiet: readonly string[] = [];
const fires = ['copper-ai'];

const enforced = (title: string, values: string, firing: RuleCase['firing']): RuleCase => ({
  title,
  alert: 'GreenflopsQuotaNotEnforced',
  by: 'tenant',
  input: [gauge('quota_enforced', values)],
  firing,
});

/** A queue of 20 PFlops of which `reserved` is held, and jobs of `pending` PFlops wait for two hours. */
const waiting = (
  title: string,
  [reserved, pending]: readonly [number, number],
  firing: RuleCase['firing'],
  { jobs = '2x120', admitted = '7x120' } = {},
): RuleCase => ({
  title,
  alert: 'GreenflopsQueueStuck',
  by: 'tenant',
  input: [
    gauge('queue_workloads', jobs, ',state="pending"'),
    gauge('queue_pflops', '20x120', ',state="nominal"'),
    gauge('queue_pflops', `${reserved}x120`, ',state="reserved"'),
    gauge('queue_pflops', `${pending}x120`, ',state="pending"'),
    gauge('queue_admissions_total', admitted),
  ],
  firing,
});

const silent = (title: string, series: readonly InputSeries[], firing: RuleCase['firing']): RuleCase => ({
  title,
  alert: 'GreenflopsQueueSilent',
  by: 'source',
  input: series,
  firing,
});
const up = (source: string, values: string): InputSeries => ({
  series: `greenflops_source_up{site="nanchang",source="${source}"}`,
  values,
});

export const queueCases: readonly RuleCase[] = [
  enforced('fires after five minutes in which chips are not charged, and ends when all are', '1x20 0x30 1x60', [
    [20, quiet],
    [25, quiet],
    [27, fires],
    [50, fires],
    [75, quiet],
  ]),
  enforced('is quiet for a text that was written between chips and credits', '1x20 0 1x20 0x3 1x20', [
    [21, quiet],
    [24, quiet],
    [44, quiet],
    [50, quiet],
  ]),
  enforced('is quiet where nothing runs', '_x60', [[59, quiet]]),
  waiting(
    'fires where all that waits fits into what is free of its own, and nothing is admitted',
    [8, 12],
    [
      [28, quiet],
      [37, fires],
      [119, fires],
    ],
  ),
  waiting(
    'is quiet where what waits is more than is free of its own',
    [8, 13],
    [
      [37, quiet],
      [119, quiet],
    ],
  ),
  waiting('is quiet where nothing waits', [8, 0], [[119, quiet]], { jobs: '0x120' }),
  waiting('is quiet where jobs are admitted one after the other', [8, 4], [[119, quiet]], { admitted: '7+1x120' }),
  silent(
    'fires for a Kueue that does not answer, and not for a meter',
    [up('nc-a/kueue', '1x20 0x40'), up('ups', '0x60')],
    [
      [25, quiet],
      [32, ['nc-a/kueue']],
      [59, ['nc-a/kueue']],
    ],
  ),
  silent(
    'fires for a Kueue that does not expose its quotas',
    [
      up('nc-a/kueue', '1x60'),
      {
        series: 'greenflops_source_refusing{site="nanchang",source="nc-a/kueue",reason="queue_resources_off"}',
        values: '1x60',
      },
    ],
    [
      [5, quiet],
      [12, ['nc-a/kueue']],
    ],
  ),
  silent(
    'is quiet for a queue of no tenant',
    [
      up('nc-a/kueue', '1x60'),
      {
        series: 'greenflops_source_refusing{site="nanchang",source="nc-a/kueue",reason="unknown_queue"}',
        values: '1x60',
      },
    ],
    [[59, quiet]],
  ),
];
