import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPlan } from '../model/load.ts';
import { declaredStacks } from './declared.ts';
import { inWords, program } from './say.ts';
import { exporter } from './stacks/exporter.ts';
import { telemetry } from './stacks/telemetry.ts';
import { writeNodeFiles, writeYaml } from './yaml.ts';

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
  const { estate } = loadPlan(values.plan);
  const nodes = writeNodeFiles(estate, values.out);
  console.log([...paths, ...nodes].join('\n'));
  console.log(inWords({ zh: '\n应用到集群：', en: '\nto apply them:' }));
  for (const { id, context } of new Set(declared.map(({ cluster }) => cluster))) {
    console.log(`kubectl --context ${context} apply --server-side -f ${join(values.out, id)}/`);
  }
  if (nodes.length > 0) {
    console.log(
      inWords({
        zh: '\n节点不由上面的命令设置。新节点：把 nodes/ 中本资源池的 .conf 放入 kubelet 的 --config-dir；已加入的节点：运行（可重复）',
        en: "\nnodes are not set up by these. A new node: put the .conf of its pool in nodes/ into the kubelet's --config-dir. Nodes that have joined already, as often as you like:",
      }),
    );
    for (const path of nodes.filter((name) => name.endsWith('.sh'))) console.log(`sh ${path}`);
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
