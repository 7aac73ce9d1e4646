import type { Text } from '../model/text.ts';
import type { panels } from './links.ts';

export interface RecordingRule {
  /** level:metric:operations */
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** One condition under which an alert fires; templates may use `$labels` and `$value`, labels may not. */
export interface Condition {
  readonly expr: string;
  /** Absent where the expression itself asks for evidence that lasts. */
  readonly for?: string;
  readonly keepFiringFor: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly description: Text;
}

/** critical wakes somebody, warning is a ticket for working hours, info is for the record. */
export type Severity = 'critical' | 'warning' | 'info';

/** An alert: runbooks, links and labels that all alerts have are added by rule-groups.ts. */
export interface Alert {
  /** Also the name of its runbooks. */
  readonly name: string;
  readonly severity: Severity;
  readonly summary: Text;
  readonly panel: keyof typeof panels;
  /** How far back the linked panel looks, as Grafana writes it: '6h'. */
  readonly range: string;
  readonly conditions: readonly Condition[];
}
