import { stringify } from 'yaml';
import type { ConfigMap } from '../kubernetes.ts';
import { named } from '../labels.ts';
import { exporter } from '../stacks/exporter.ts';
import { configMap } from './config-map.ts';
import { ruleFile } from './generated.ts';
import { cleared, scrape } from './scrape.ts';

/** Where a pod of Prometheus mounts the Secret greenflops-scrape: the operator's own place for a pod's secrets. */
const SECRET = `/etc/prometheus/secrets/${exporter.scrapeSecret}`;

/**
 * For a Prometheus that no operator configures: the rules for its rule_files, and a file for its scrape_config_files. It
 * says of the exporter what the ServiceMonitor says.
 */
export const ownPrometheus = (tls: boolean): ConfigMap =>
  configMap(named('greenflops-prometheus', exporter.namespace), {
    'greenflops-rules.yaml': ruleFile(),
    'greenflops-scrape.yaml': stringify({ scrape_configs: [job(tls)] }, { lineWidth: 0, aliasDuplicateObjects: false }),
  });

const job = (tls: boolean) => ({
  job_name: exporter.name,
  metrics_path: scrape.path,
  scheme: tls ? 'https' : 'http',
  scrape_interval: scrape.interval,
  scrape_timeout: scrape.timeout,
  basic_auth: { username_file: `${SECRET}/username`, password_file: `${SECRET}/password` },
  ...(tls && { tls_config: { ca_file: `${SECRET}/ca.crt`, server_name: scrape.host } }),
  static_configs: [{ targets: [`${scrape.host}:${exporter.port}`] }],
  metric_relabel_configs: cleared.map(({ label, regex }) => ({
    source_labels: ['__name__'],
    regex,
    target_label: label,
    replacement: '',
  })),
});
