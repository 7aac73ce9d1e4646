import { files } from '../../model/files.ts';
import { finding, type Finding } from '../../model/finding.ts';
import { PlanError } from '../../model/plan-error.ts';
import { readFile } from '../../model/read-file.ts';
import type { Text } from '../../model/text.ts';
import { originOf } from '../admission/origin.ts';
import type { DeclaredStack } from '../declared.ts';
import { webhookProblems } from './webhook-rules.ts';

const ours: Text = {
  zh: '估计是本工具的错，请报告',
  en: 'no estate should come to this, so please report it as a fault of the toolkit',
};

/**
 * Throws PlanError with file, line and column of everything that Kueue's webhooks, or the limits of its CRDs, would refuse.
 * What is wrong with many objects of a kind on a cluster is told of the first of them.
 */
export function requireTakenByKueue(declared: readonly DeclaredStack[], dir: string): void {
  const { source } = readFile(dir, files.estate.name, []);
  if (!source) return; // loadPlan has refused it
  const told = new Set<string>();
  const findings: Finding[] = [];
  for (const { cluster, view, stack, objects } of declared)
    for (const object of objects)
      for (const { path, text, fix = ours } of webhookProblems(object)) {
        const key = `${cluster.id} ${object.kind} ${text.en}`;
        if (told.has(key)) continue;
        told.add(key);
        const place = source.place(originOf(object, cluster.id, view.plan.estate).path, 'use');
        const head = `${cluster.id}/${stack.name} ${object.kind} ${object.metadata.name} ${path.join('.')}`;
        const detail = { zh: `${head}：${text.zh}。${fix.zh}`, en: `${head}: ${text.en}. ${capital(fix.en)}` };
        findings.push(finding(place, 'invalid', { detail }));
      }
  if (findings.length > 0)
    throw new PlanError(
      dir,
      findings.toSorted((a, b) => a.line - b.line || a.column - b.column),
    );
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
