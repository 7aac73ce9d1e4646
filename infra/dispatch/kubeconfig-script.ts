import { workersOf } from '../../model/queues/scope.ts';
import type { Cluster as Declared } from '../../model/schema/estate.ts';
import type { Cluster } from '../cluster.ts';
import { dispatchAccount } from './account.ts';
import { secretOf } from './multikueue.ts';

/** A file for whoever runs the manager; no Kubernetes object. */
export interface DispatchFile {
  readonly name: string;
  readonly text: string;
}

/** Names of such files, so that those of an earlier declaration are known again. */
export const DISPATCH_FILE = /^kubeconfigs\.sh$/;

/**
 * How a manager gets the kubeconfigs of its workers. They hold tokens, so neither the declaration nor Terraform's state
 * ever sees them: the script asks each worker for a bounded token and hands it to the manager's Secret through pipes.
 */
export const dispatchFiles = ({ plan, cluster }: Cluster): DispatchFile[] =>
  cluster.role === 'manager' && cluster.kueue.enabled
    ? [{ name: 'kubeconfigs.sh', text: script(cluster, workersOf(plan.estate, cluster)) }]
    : [];

/** A word that the shell takes as it is. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const line = (worker: Declared): string => {
  const secret = secretOf(worker);
  const { id, context, kueue } = worker;
  if (secret === undefined) {
    const path = kueue.kubeconfig !== undefined && 'file' in kueue.kubeconfig ? kueue.kubeconfig.file : '';
    return `# ${id}: Kueue 从文件 ${path} 读取，请自行挂载 / Kueue reads the file ${path}, which is yours to mount`;
  }
  return `bring ${[id, context, kueue.namespace, secret].map(quoted).join(' ')}`;
};

const script = ({ context, kueue }: Declared, workers: readonly Declared[]): string => `#!/bin/sh
# 向每个工作集群取一个有期限的令牌，写成 kubeconfig，放入管理集群的 Secret；可重复运行，令牌到期前请再运行（例如每周一次的定时任务），
# Kueue 会自动改用新的。令牌不写入文件，不经过 Terraform。
#   sh kubeconfigs.sh                      全部工作集群
#   sh kubeconfigs.sh WORKER [SERVER]      其中一个；SERVER 是管理集群访问它的地址（https://…），缺省取本机 kubeconfig 中的地址
#   TOKEN_DURATION=720h                    令牌期限；API 服务器可能缩短它
# Asks each worker for a token with an end, makes a kubeconfig of it, and puts that into a Secret of the manager. Run it as
# often as you like, and again before the tokens end (a weekly cron job, say): Kueue takes the new one by itself. No token is
# written to a file, and none passes through Terraform.
#   sh kubeconfigs.sh                      all workers
#   sh kubeconfigs.sh WORKER [SERVER]      one of them; SERVER is its address as the manager reaches it (https://...), by
#                                          default the one in your own kubeconfig
#   TOKEN_DURATION=720h                    how long a token holds; the API server may make it shorter
set -u
only=\${1:-}
address=\${2:-}
duration=\${TOKEN_DURATION:-720h}
met=0
failed=0

manager() { kubectl --context ${quoted(context)} --namespace ${quoted(kueue.namespace)} "$@"; }

fail() {
  echo "$1: $2" >&2
  failed=1
}

# worker, context, namespace of its Kueue, Secret
bring() {
  if [ -n "$only" ] && [ "$only" != "$1" ]; then return; fi
  met=1
  server=$address
  if [ -z "$server" ]; then
    server=$(kubectl --context "$2" config view --minify -o 'jsonpath={.clusters[0].cluster.server}')
  fi
  ca=$(kubectl --context "$2" config view --raw --minify --flatten -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}')
  if [ -z "$server" ] || [ -z "$ca" ]; then
    fail "$1" "kubeconfig 的上下文 $2 没有地址或 CA 证书 / context $2 of your kubeconfig has no address or no CA certificate"
    return
  fi
  if ! answer=$(kubectl --context "$2" --namespace "$3" create token ${dispatchAccount} --duration "$duration" \\
    -o 'jsonpath={.status.expirationTimestamp} {.status.token}'); then
    fail "$1" "没有取得令牌：先部署 $1-dispatch / no token: deploy $1-dispatch first"
    return
  fi
  ends=\${answer%% *}
  if printf '{"apiVersion":"v1","kind":"Config","current-context":"worker","clusters":[{"name":"worker","cluster":{"server":"%s","certificate-authority-data":"%s"}}],"users":[{"name":"worker","user":{"token":"%s"}}],"contexts":[{"name":"worker","context":{"cluster":"worker","user":"worker"}}]}' \\
    "$server" "$ca" "\${answer#* }" |
    manager create secret generic "$4" --from-file=kubeconfig=/dev/stdin --dry-run=client -o yaml |
    kubectl annotate --local -f - "greenflops.io/token-expires=$ends" -o yaml |
    manager apply --server-side --force-conflicts --field-manager=greenflops-dispatch -f -; then
    echo "$1: 令牌有效至 $ends，此前请再运行 / the token ends at $ends, run this again before"
  else
    fail "$1" "Secret $4 未写入 / Secret $4 was not written"
  fi
}

${workers.map(line).join('\n')}

if [ -n "$only" ] && [ "$met" -eq 0 ]; then
  fail "$only" "不是本管理集群以 Secret 访问的工作集群 / no worker that this manager reaches by a Secret"
fi
exit "$failed"
`;
