import { expect, test } from 'vitest';
import { QueueTotals } from '../../../../exporter/judge/queue/queue-totals.ts';
import { queueSamples } from '../../../../exporter/judge/queue/queue-samples.ts';
import type { Rejection } from '../../../../model/reasons.ts';
import { CHIPS, line, NOW, PRESENT, samplesOf } from './scene.ts';

const tenants = new Set(['copper-ai', 'uni-lab']);
/** Jobs admitted so far, and the seconds that they waited. */
const admitted = (count: number | string, seconds: number | string, role = 'standalone'): string =>
  line('admission_wait_time_seconds_count', count, { priority_class: '', replica_role: role }) +
  line('admission_wait_time_seconds_sum', seconds, { priority_class: '', replica_role: role });
const waiting = line('pending_workloads', 1, { status: 'active' }) + line('cluster_queue_nominal_quota', 63, CHIPS);

/** Answers 30 s after one another, each by a process that began at an offset in seconds from the first answer. */
function after(...answers: readonly (readonly [began: number | null, text: string])[]) {
  const totals = new QueueTotals();
  const rejected: Rejection[] = [];
  const refuse = (reason: Rejection): void => void rejected.push(reason);
  const seen = answers.map(([began, text], i) => {
    const start = began === null ? '' : `process_start_time_seconds ${NOW / 1000 + began}\n`;
    totals.answered(
      queueSamples(samplesOf(PRESENT + start + waiting + text), tenants, refuse),
      NOW + 30_000 * i,
      refuse,
    );
    return totals.of('copper-ai');
  });
  return { seen, rejected, last: seen.at(-1) };
}

test('what Kueue had counted before the first answer is not ours, what comes after is', () => {
  const { seen } = after([-3600, admitted(7, 100)], [-3600, admitted(9, 160.5)]);
  expect(seen).toEqual([
    { admissions: 0, waited: 0 },
    { admissions: 2, waited: 60.5 },
  ]);
});

test('a counter appears with its first event, which counts', () => {
  expect(after([-3600, ''], [-3600, admitted(1, 5)]).last).toEqual({ admissions: 1, waited: 5 });
});

test('a restart steps nothing back, and what the new process counts is new', () => {
  const { seen } = after(
    [-3600, admitted(7, 100)],
    [-3600, admitted(9, 160)],
    [45, admitted(1, 4)],
    [45, admitted(3, 9)],
  );
  expect(seen.map(({ admissions }) => admissions)).toEqual([0, 2, 3, 5]);
  expect(seen.at(-1)?.waited).toBe(69);
});

test('of a process that was there before, unseen, only what comes after is ours', () => {
  // Two replicas behind one Service, asked in turn: the other one has led before.
  const a = (count: number) => [-3600, admitted(count, count, 'leader')] as const;
  const b = [-7200, admitted(50, 50, 'leader')] as const;
  const { seen } = after(a(100), b, a(101), b, a(102));
  expect(seen.map(({ admissions }) => admissions)).toEqual([0, 0, 1, 1, 2]);
});

test('a counter that falls within a process, or says nothing of its process, counts anew from there', () => {
  const { seen } = after([null, admitted(7, 100)], [null, admitted(2, 8)], [null, admitted(3, 9)]);
  expect(seen.map(({ admissions }) => admissions)).toEqual([0, 0, 1]);
});

test('what is no number is refused, and the rest goes on', () => {
  const { last, rejected } = after([-9, admitted(1, 1)], [-9, admitted(2, 'NaN')], [-9, admitted(3, 5)]);
  expect(last).toEqual({ admissions: 2, waited: 4 });
  expect(rejected).toEqual(['not_a_number']);
});
