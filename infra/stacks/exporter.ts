import type { Cluster } from '../cluster.ts';
import type { Labels } from '../kubernetes.ts';
import { ownKeys } from '../labels.ts';

/** Names that the stacks and commands of a site's exporter share. */
export const exporter = {
  namespace: 'greenflops',
  name: 'greenflops-exporter',
  /** On the exporter's pod and Service */
  labels: { 'app.kubernetes.io/name': 'greenflops-exporter' },
  claim: 'greenflops-ledger',
  port: 9960,
  // Secrets are made by the operator, never by Terraform, whose state would hold them.
  /** web-config.yml, the exporter-toolkit's web configuration, and the certificate files that it names */
  webSecret: 'greenflops-web',
  /** username and password of whoever scrapes; ca.crt where the exporter serves TLS */
  scrapeSecret: 'greenflops-scrape',
  /** The files that the declared sources name below /etc/greenflops/secrets/ */
  sourcesSecret: 'greenflops-sources',
} as const;

/**
 * Totals of energy and work, and the tenants' names with them: general data (GB/T 43697), until their owner says more.
 * None where the cluster may not hold general data, and its policy refuses the label.
 */
export const ownClass = ({ cluster }: Cluster): Labels =>
  cluster.data_classes.includes('general') ? ownKeys({ 'data-class': 'general' }) : {};
