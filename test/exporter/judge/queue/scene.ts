import { readFileSync } from 'node:fs';
import { loadPlan } from '../../../../model/load.ts';
import type { Plan } from '../../../../model/plan.ts';
import type { Rejection } from '../../../../model/reasons.ts';
import { judgeQueues, type JudgedQueue } from '../../../../exporter/judge/queue/judge-queues.ts';
import { isOfQueues, queueSamples } from '../../../../exporter/judge/queue/queue-samples.ts';
import { queueWorth } from '../../../../exporter/judge/queue/queue-worth.ts';
import { parseExposition } from '../../../../exporter/read/exposition/exposition.ts';
import { planFolder } from '../../../plan-folder.ts';

export const NOW = Date.UTC(2026, 10, 30);

/** The example province, changed. */
export function provincePlan(change: (text: string) => string = (text) => text): Plan {
  const { dir, remove } = planFolder(change(readFileSync('docs/scheduling/estate.yaml', 'utf8')));
  try {
    return loadPlan(dir);
  } finally {
    remove();
  }
}

/** What Kueue's controller served of the cluster nc-a of that province (text/README.md). */
export const recorded = (name: string): string => readFileSync(new URL(`text/${name}.prom`, import.meta.url), 'utf8');

export const samplesOf = (text: string) => parseExposition(text, { format: 'text', keep: isOfQueues });

/** What is made of a text, and how often what was refused. */
export function judged(
  text: string,
  plan = provincePlan(),
  cluster = 'nc-a',
): { queues: ReadonlyMap<string, JudgedQueue>; rejected: Record<string, number> } {
  const found = plan.estate.clusters.find(({ id }) => id === cluster);
  if (!found) throw new Error(`no cluster ${cluster}`);
  const rejected: Partial<Record<Rejection, number>> = {};
  const refuse = (reason: Rejection): void => void (rejected[reason] = (rejected[reason] ?? 0) + 1);
  const tenants = new Set(plan.estate.tenants.map(({ id }) => id));
  const answer = queueSamples(samplesOf(text), tenants, refuse);
  return { queues: judgeQueues(answer, queueWorth(plan, found, NOW), refuse), rejected };
}

/** Lines of one queue, by name, as Kueue writes them; `flavor` where the family has it. */
export const line = (
  name: string,
  value: string | number,
  labels: Readonly<Record<string, string>> = {},
  queue = 'copper-ai',
): string => {
  const all = { cluster_queue: queue, replica_role: 'standalone', ...labels };
  const text = Object.entries(all).map(([label, one]) => `${label}="${one}"`);
  return `kueue_${name}{${text.join(',')}} ${value}\n`;
};
export const CHIPS = { flavor: 'nc-910b', resource: 'huawei.com/Ascend910B3' };
export const CREDITS = { flavor: 'greenflops-credits', resource: 'greenflops.io/gflops-fp16' };
export const PRESENT = 'kueue_build_info{git_version="v0.0.0"} 1\n';
