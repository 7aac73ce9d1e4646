import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { declaredStacks } from './declared.ts';
import { inWords, program } from './say.ts';
import { exporter } from './stacks/exporter.ts';
import { telemetry } from './stacks/telemetry.ts';
import { writeYaml } from './yaml.ts';

/** `npm run render`: the stacks' objects as plain YAML, for whoever has no Terraform, and the commands that apply them. */
await program(() => {
  const { values } = parseArgs({
    options: {
      plan: { type: 'string', default: process.env['GREENFLOPS_PLAN'] ?? 'plan' },
      out: { type: 'string', default: 'var/render' },
    },
  });
  const declared = declaredStacks(values.plan);
  const { paths } = writeYaml(declared, values.out);
  console.log(paths.join('\n'));
  console.log(inWords({ zh: '\n应用到集群：', en: '\nto apply them:' }));
  for (const { id, context } of new Set(declared.map(({ cluster }) => cluster))) {
    console.log(`kubectl --context ${context} apply --server-side -f ${join(values.out, id)}/`);
  }
  const { namespace, webSecret } = exporter;
  const hosts = declared.filter(({ stack }) => stack === telemetry).map(({ cluster }) => cluster);
  console.log(
    inWords({
      zh: '\n采集器的口令由您自己放入集群，不经过本声明（web-config.yml：exporter-toolkit 格式）：',
      en: "\nthe exporter's password is yours to bring and never in the declaration (web-config.yml: exporter-toolkit format):",
    }),
  );
  for (const { context } of hosts) {
    console.log(
      `kubectl --context ${context} --namespace ${namespace} create secret generic ${webSecret} --from-file=web-config.yml`,
    );
  }
});
