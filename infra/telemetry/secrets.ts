import type { Text } from '../../model/text.ts';
import type { Cluster } from '../cluster.ts';
import { exporter } from '../stacks/exporter.ts';
import { SECRETS, sourceFiles } from './source-files.ts';

/** A Secret that an operator brings before the exporter starts. */
export interface NeededSecret {
  readonly name: string;
  /** Its keys; each is made from a file of that name */
  readonly keys: readonly string[];
  readonly holds: Text;
}

/** What no declaration may hold: the Secrets of a site's exporter, made by hand in its namespace. */
export function neededSecrets({ plan: { estate }, site }: Cluster): NeededSecret[] {
  const tls = estate.telemetry?.tls === true;
  const keys = sourceFiles(estate, site.id).flatMap(({ file, holds }) =>
    holds === 'secret' ? file.slice(SECRETS.length) : [],
  );
  return [
    {
      name: exporter.webSecret,
      keys: ['web-config.yml', ...(tls ? ['tls.crt', 'tls.key'] : [])],
      holds: {
        zh: '采集器的口令散列（exporter-toolkit 格式）及其证书',
        en: "the exporter's password hashes (exporter-toolkit format) and certificate",
      },
    },
    {
      name: exporter.scrapeSecret,
      keys: ['username', 'password', ...(tls ? ['ca.crt'] : [])],
      holds: { zh: 'Prometheus 抓取时用的口令', en: 'the password by which Prometheus scrapes' },
    },
    ...(keys.length > 0
      ? [
          {
            name: exporter.sourcesSecret,
            keys: [...new Set(keys)],
            holds: { zh: '设备的口令与密钥', en: 'passwords and keys of the devices' },
          },
        ]
      : []),
  ];
}
