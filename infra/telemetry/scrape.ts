import { ledgerFamilies } from '../../model/metrics/index.ts';
import { exporter } from '../stacks/exporter.ts';

/** How Prometheus scrapes the exporter, whoever configures it. */
export const scrape = {
  path: '/metrics',
  interval: '15s', // as often as the exporter renders
  timeout: '10s',
  /** As the certificate must name it where the exporter serves TLS */
  host: `${exporter.name}.${exporter.namespace}.svc`,
} as const;

/** Whole names; Prometheus anchors the pattern. No capture group: then an empty replacement and none mean the same. */
const pattern = ledgerFamilies.map(({ name }) => name).join('|');

/** A label that ledger families lose. */
interface Cleared {
  readonly label: 'pod' | 'instance';
  /** Of the metrics' names */
  readonly regex: string;
}

/**
 * A total goes on across a restart or a fail-over, and so must its series: the ledger's families lose what says by which
 * process they came. What a process says of itself keeps it.
 */
export const cleared: readonly Cleared[] = (['pod', 'instance'] as const).map((label) => ({ label, regex: pattern }));
