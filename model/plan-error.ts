import { formatFinding, type Finding } from './finding.ts';

/** A declaration that cannot be used. The message lists every finding in English; `findings` speaks both languages. */
export class PlanError extends Error {
  override name = 'PlanError';
  readonly findings: readonly Finding[];
  constructor(dir: string, findings: readonly Finding[]) {
    const lines = findings.map((found) => formatFinding(found, 'en'));
    super(`the declaration in ${dir} has ${findings.length} fault(s):\n${lines.join('\n')}`);
    this.findings = findings;
  }
}
