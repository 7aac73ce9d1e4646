import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPlan } from '../model/load.ts';
import { declaredStacks } from './declared.ts';
import { inWords, program } from './say.ts';
import { exporter } from './stacks/exporter.ts';
import { telemetry } from './stacks/telemetry.ts';
import { neededSecrets } from './telemetry/secrets.ts';
import { removeUndeclared, writeDispatchFiles, writeKueueFiles, writeNodeFiles, writeYaml } from './yaml.ts';

/** `npm run render`: the stacks' objects as plain YAML, for whoever has no Terraform, and the commands that apply them. */
await program(() => {
  const { values } = parseArgs({
    options: {
      plan: { type: 'string', default: process.env['GREENFLOPS_PLAN'] ?? 'plan' },
      out: { type: 'string', default: 'var/render' },
    },
  });
  const declared = declaredStacks(values.plan);
  const removed = removeUndeclared(declared, values.out);
  const { paths } = writeYaml(declared, values.out);
  const { estate } = loadPlan(values.plan);
  const nodes = writeNodeFiles(estate, values.out);
  const kueue = writeKueueFiles(declared, values.out);
  const dispatch = writeDispatchFiles(declared, values.out);
  console.log([...paths, ...nodes, ...kueue, ...dispatch].join('\n'));
  if (removed.length > 0)
    console.log(
      inWords({
        zh: `\n已删除先前为不再声明的集群写出的文件：${removed.join(' ')}`,
        en: `\nremoved, as their clusters are no longer declared, the files of an earlier run in ${removed.join(' ')}`,
      }),
    );
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
  if (kueue.length > 0) {
    console.log(
      inWords({
        zh: '\nkueue/ 中是 Kueue 控制器的完整配置，不是集群对象，上面的命令不会应用它：用 Helm 安装的，把 values.yaml 交给 helm upgrade --values；其他安装方式，把 controller_manager_config.yaml 写入 ConfigMap kueue-manager-config（声明了 manage_config: true 的集群已在其中）。之后重启控制器：',
        en: "\nkueue/ holds the whole configuration of Kueue's controller, which is no object, and the commands above do not apply it. With Helm give values.yaml to helm upgrade --values; else put controller_manager_config.yaml into the ConfigMap kueue-manager-config (clusters with manage_config: true have it there). Then start the controller anew:",
      }),
    );
    for (const { context, kueue: own } of new Set(declared.map(({ cluster }) => cluster))) {
      if (own.enabled)
        console.log(
          `kubectl --context ${context} --namespace ${own.namespace} rollout restart deployment kueue-controller-manager`,
        );
    }
  }
  if (dispatch.length > 0) {
    console.log(
      inWords({
        zh: '\n管理集群用下列脚本取得各工作集群的 kubeconfig，工作集群的 dispatch 部署之后运行；令牌有期限，到期前再运行：',
        en: "\na manager gets its workers' kubeconfigs by this script, once their dispatch is applied; their tokens end, so run it again before they do:",
      }),
    );
    for (const path of dispatch) console.log(`sh ${path}`);
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
