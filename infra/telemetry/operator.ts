import type { CustomObject } from '../kubernetes.ts';
import { named } from '../labels.ts';
import { exporter } from '../stacks/exporter.ts';
import { prometheusRule } from './generated.ts';
import { cleared, scrape } from './scrape.ts';

const { namespace, name, labels, scrapeSecret } = exporter;

const secretKey = (key: string) => ({ name: scrapeSecret, key });

/** What the Prometheus operator takes: how to scrape the exporter, and the rules. Fields at their default are stated. */
export const operatorObjects = (tls: boolean): CustomObject[] => [
  {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: named(name, namespace),
    spec: {
      selector: { matchLabels: labels },
      endpoints: [
        {
          port: 'http',
          path: scrape.path,
          scheme: tls ? 'https' : 'http',
          interval: scrape.interval,
          scrapeTimeout: scrape.timeout,
          // The exporter has none of the labels that the target brings (model/metrics): nothing to honour.
          honorLabels: false,
          basicAuth: { username: secretKey('username'), password: secretKey('password') },
          ...(tls && { tlsConfig: { ca: { secret: secretKey('ca.crt') }, serverName: scrape.host } }),
          metricRelabelings: cleared.map(({ label, regex }) => ({
            sourceLabels: ['__name__'],
            regex,
            action: 'replace',
            targetLabel: label,
            replacement: '',
          })),
        },
      ],
    },
  },
  { ...prometheusRule(), metadata: rule() },
];

function rule(): CustomObject['metadata'] {
  const ours = named('greenflops', namespace);
  return { ...ours, labels: { ...prometheusRule().metadata.labels, ...ours.labels } };
}
