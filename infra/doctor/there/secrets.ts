import { unless, type Checkup, type Trouble } from '../../../model/checkup.ts';
import { exporter } from '../../stacks/exporter.ts';
import { SECRETS, sourceFiles } from '../../telemetry/source-files.ts';
import { unknown, type Item, type There } from '../context.ts';

/** What operators bring by hand, as Terraform's state must never hold it. */
export const secrets: Checkup<There> = {
  name: { zh: '采集器的 Secret', en: "exporter's Secrets" },
  run: async ({ reader, view }) => {
    const { namespace, webSecret, sourcesSecret, scrapeSecret } = exporter;
    if (!view.hostsExporter) return { ok: { zh: '采集器不在这个集群', en: 'the exporter is on another cluster' } };
    if ((await reader.items<Item>('namespace', namespace)).length === 0)
      return unknown(
        `命名空间 ${namespace} 还不存在：ledger 栈会建立它`,
        `namespace ${namespace} is not there yet: the ledger stack makes it`,
      );
    const files = sourceFiles(view.plan.estate, view.site.id).filter(({ holds }) => holds === 'secret');
    const keys = files.map(({ file }) => file.replace(SECRETS, ''));
    const wanted: readonly (readonly [name: string, keys: readonly string[]])[] = [
      [webSecret, ['web-config.yml']],
      ...(keys.length > 0 ? [[sourcesSecret, [...new Set(keys)]] as const] : []),
      ...(view.cluster.monitoring.operator ? [[scrapeSecret, ['username', 'password']] as const] : []),
    ];
    const troubles: Trouble[] = [];
    for (const [name, needed] of wanted) {
      // Names of keys alone are read out of the answer, and no value is kept.
      const said = await reader.text(
        'get',
        'secret',
        name,
        '-n',
        namespace,
        '--ignore-not-found',
        '-o',
        'go-template={{range $key, $value := .data}}{{$key}}\n{{end}}',
      );
      const there =
        (await reader.text('get', 'secret', name, '-n', namespace, '--ignore-not-found', '-o', 'name')) !== '';
      const missing = needed.filter((key) => !said.split('\n').includes(key));
      if (missing.length === 0) continue;
      const command = `kubectl --context ${reader.context} -n ${namespace} create secret generic ${name} ${needed.map((key) => (name === scrapeSecret ? `--from-literal=${key}=…` : `--from-file=${key}`)).join(' ')}`;
      troubles.push({
        where: `Secret ${namespace}/${name}`,
        what: there
          ? { zh: `缺少键 ${missing.join('、')}`, en: `lacks ${missing.join(', ')}` }
          : { zh: '不存在，采集器的 Pod 起不来', en: "is not there, and the exporter's pod does not start" },
        todo: there
          ? {
              zh: `kubectl --context ${reader.context} -n ${namespace} edit secret ${name}`,
              en: `kubectl --context ${reader.context} -n ${namespace} edit secret ${name}`,
            }
          : { zh: command, en: command },
      });
    }
    return unless(troubles, {
      zh: wanted.map(([name]) => name).join('、'),
      en: wanted.map(([name]) => name).join(', '),
    });
  },
};
