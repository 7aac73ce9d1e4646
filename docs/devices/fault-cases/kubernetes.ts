import { join } from 'node:path';
import type { RequestListener } from 'node:http';
import { kubernetesCluster } from '../../../exporter/read/kubernetes/kubernetes-cluster.ts';
import { kubernetesSource } from '../../../model/schema/sources.ts';
import type { Text } from '../../../model/text.ts';
import { statusBody } from '../../../test/exporter/read/kubernetes-server.ts';
import { failureOf, never, patience, type ProtocolFaults } from './fault.ts';
import { says, withServer } from './http-server.ts';
import { withFiles } from './with-files.ts';

interface ApiFault {
  readonly name: Text;
  readonly todo: Text;
  /** null: nobody listens */
  readonly serve?: RequestListener | null;
  /** Of the user in the kubeconfig. @default a token in a file */
  readonly user?: object;
  /** Text of the kubeconfig in place of a right one */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly path?: string;
  /** true: nothing comes */
  readonly silent?: true;
}

const GPU = 'nvidia.com/gpu';
/** More than an object of etcd may have */
const HUGE = 9 * 2 ** 20;
const refuses = (code: number, reason: string, message: string) => says(statusBody(code, reason, message), code);

const cases: readonly ApiFault[] = [
  {
    name: { zh: '没有应答', en: 'no answer' },
    todo: {
      zh: 'API 服务器或它前面的防火墙、负载均衡',
      en: 'The API server, or a firewall or load balancer before it',
    },
    serve: () => {},
    silent: true,
  },
  {
    name: { zh: '连接被拒绝', en: 'the connection is refused' },
    todo: { zh: '核对 kubeconfig 的 `server`', en: 'Check `server` in the kubeconfig' },
    serve: null,
  },
  {
    name: { zh: '令牌无效或过期', en: 'a wrong or expired token' },
    todo: {
      zh: '换发令牌（`kubectl create token`）；文件每次连接时重新读取',
      en: 'Issue a new one (`kubectl create token`); the file is read at each connection',
    },
    serve: refuses(401, 'Unauthorized', 'Unauthorized'),
  },
  {
    name: { zh: '账户缺少权限', en: 'the account lacks the right' },
    todo: { zh: '按页面上的 ClusterRole 绑定', en: 'Bind the ClusterRole of the page' },
    serve: refuses(
      403,
      'Forbidden',
      'nodes is forbidden: User "system:serviceaccount:greenflops:greenflops-exporter" cannot list resource "nodes" in API group "" at the cluster scope',
    ),
  },
  {
    name: { zh: '那里没有 Kubernetes API', en: 'no Kubernetes API is there' },
    todo: { zh: '核对 `server` 的路径（Rancher 有路径）', en: 'Check the path of `server` (Rancher has one)' },
    serve: says('404 page not found\n', 404),
  },
  {
    name: { zh: '服务器过载', en: 'the server is overloaded' },
    todo: {
      zh: '自动退避重试；若持续，给此账户一个 FlowSchema',
      en: 'It is tried again, later each time; if it goes on, give the account a FlowSchema',
    },
    serve: refuses(
      429,
      'TooManyRequests',
      'the server has received too many requests and has asked us to try again later',
    ),
  },
  {
    name: { zh: '空的应答', en: 'an empty answer' },
    todo: { zh: '中间的代理有问题', en: 'A proxy in between is faulty' },
    serve: says(''),
  },
  {
    name: { zh: '格式不对：一个网页', en: 'wrong format: a web page' },
    todo: { zh: '`server` 指向了网页或登录页', en: '`server` is the address of a page or a login' },
    serve: says('<html><body>Login</body></html>'),
  },
  {
    name: { zh: '部分应答：列表不完整', en: 'a partial answer: the list ends before its end' },
    todo: { zh: '代理截断了列表；半个列表不采信', en: 'A proxy cuts the list. Half of it is not used' },
    serve: says('{"kind":"NodeList","metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"n0"}}'),
  },
  {
    name: { zh: '应答中途断开', en: 'the answer is cut in the middle' },
    todo: { zh: '网络，或 API 服务器重启', en: 'The network, or an API server that restarts' },
    serve: (_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"kind":"NodeList",', () => response.destroy());
    },
  },
  {
    name: { zh: '应答过大：一个对象', en: 'too large an answer: one object' },
    todo: {
      zh: '这不是 API 服务器的对象：etcd 不会存这么大',
      en: 'No object of an API server: etcd holds none of that size',
    },
    serve: says(`{"kind":"NodeList","metadata":{"resourceVersion":"1"},"items":[{"x":"${'x'.repeat(HUGE)}"}]}`),
  },
  {
    name: { zh: '没有 kubeconfig 文件', en: 'no kubeconfig file' },
    todo: { zh: '核对路径，或在容器中挂载它', en: 'Check the path, or mount the file into the container' },
    path: 'none.kubeconfig',
  },
  {
    name: { zh: 'kubeconfig 不是 YAML', en: 'the kubeconfig is no YAML' },
    todo: { zh: '重新生成该文件', en: 'Write the file anew' },
    kubeconfig: 'a: [',
  },
  {
    name: { zh: '没有此 context', en: 'no such context' },
    todo: { zh: '改集群的 `context`', en: "Change the cluster's `context`" },
    context: 'nc-b',
  },
  {
    name: { zh: 'kubeconfig 要启动程序取令牌', en: 'the kubeconfig wants a program to be started' },
    todo: {
      zh: '建服务账户，把令牌写进文件，用 `tokenFile` 指向它',
      en: 'Make a service account, put its token into a file, and name it by `tokenFile`',
    },
    user: { exec: { command: 'aws' } },
  },
];

const config = (server: string, user: object, token: string): string =>
  JSON.stringify({
    'current-context': 'nc-a',
    contexts: [{ name: 'nc-a', context: { cluster: 'nc-a', user: 'greenflops' } }],
    clusters: [{ name: 'nc-a', cluster: { server } }],
    users: [{ name: 'greenflops', user: { tokenFile: token, ...user } }],
  });

export const kubernetesFaults: ProtocolFaults = {
  title: { zh: 'Kubernetes API', en: 'Kubernetes API' },
  page: 'kubernetes',
  address: '10.1.0.10:6443',
  faults: cases.map(
    ({ name, todo, serve = says(''), user = {}, kubeconfig, context, path = 'nc-a.kubeconfig', silent }) => ({
      name,
      todo,
      play: () =>
        withServer(serve, (url) =>
          withFiles(
            { 'nc-a.token': 'token\n', 'nc-a.kubeconfig': kubeconfig ?? config(url, user, 'nc-a.token') },
            async (folder) => {
              const file = join(folder, path);
              const source = kubernetesSource.parse({
                protocol: 'kubernetes',
                kubeconfig: file,
                context,
                ...patience(silent),
              });
              const wanted = { resources: new Set([GPU]), labels: new Set<string>() };
              const reader = kubernetesCluster(source, { wanted });
              try {
                return await failureOf(reader.read(never));
              } finally {
                await reader.close();
              }
            },
          ),
        ),
    }),
  ),
};
