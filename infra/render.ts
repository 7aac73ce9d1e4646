import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPlan } from '../model/load.ts';
import { declaredStacks } from './declared.ts';
import { inWords, program } from './say.ts';
import { exporter } from './stacks/exporter.ts';
import { telemetry } from './stacks/telemetry.ts';
import { neededSecrets } from './telemetry/secrets.ts';
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
  console.log(
    inWords({
      zh: '\n采集器的 Secret 由您自己放入集群，不经过本声明；每个键取自同名文件（命名空间由账本的文件建立）：',
      en: "\nthe exporter's Secrets are yours to bring and never in the declaration; each key comes from a file of its name (the ledger's file makes their namespace):",
    }),
  );
  for (const { cluster, view } of declared.filter(({ stack }) => stack === telemetry)) {
    for (const { name, keys, holds } of neededSecrets(view)) {
      const files = keys.map((key) => ` --from-file=${key}`).join('');
      const create = `create secret generic ${name}${files}`;
      console.log(
        `kubectl --context ${cluster.context} --namespace ${exporter.namespace} ${create}  # ${inWords(holds)}`,
      );
    }
  }
});
