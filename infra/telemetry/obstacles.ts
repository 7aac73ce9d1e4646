import type { Plan } from '../../model/plan.ts';
import type { Text } from '../../model/text.ts';
import { clusters, type Cluster } from '../cluster.ts';
import { endpoints } from '../endpoints.ts';
import { ruleTo } from './network.ts';
import { siteSources } from './site-sources.ts';
import { ACCOUNT, SECRETS, sourceFiles } from './source-files.ts';

/** Something in the estate that the exporter can live with and its pod cannot. */
interface Obstacle {
  readonly path: readonly (string | number)[];
  readonly detail: Text;
}

/** What keeps the exporters of a declaration from being deployed, each with the place that says so. */
export const telemetryObstacles = (plan: Plan): Obstacle[] =>
  clusters(plan, () => ({}))
    .filter(({ hostsExporter }) => hostsExporter)
    .flatMap((host) => [...image(host), ...hosts(host), ...files(host), ...kubernetesApi(host), ...kueue(host)]);

/** The policy for images holds for the house's own namespace too: an image from elsewhere would never start. */
function image({ plan: { estate }, cluster: { registries, id } }: Cluster): Obstacle[] {
  const name = estate.telemetry?.image;
  if (name === undefined || registries.length === 0 || registries.some((own) => name.startsWith(`${own}/`))) return [];
  return [
    {
      path: ['telemetry', 'image'],
      detail: {
        zh: `集群 ${id} 只接受 ${registries.join('、')} 中的镜像（registries），采集器也不例外：请把镜像推送到其中并改写此处`,
        en: `the cluster ${id} takes images from ${registries.join(', ')} alone (registries), the exporter's too: push it there and name it so`,
      },
    },
  ];
}

const hosts = ({ plan: { estate }, site }: Cluster): Obstacle[] =>
  endpoints(estate, site.id).flatMap((endpoint): Obstacle[] => {
    const { path } = endpoint;
    if (endpoint.holdsSecret) return [{ path, detail: SECRET }];
    return ruleTo(endpoint) ? [] : [{ path, detail: UNNAMEABLE }];
  });

/** A key of a Secret (kubernetes.io/docs/concepts/configuration/secret) is a file's name: no folder below. */
const KEY = /^[-._a-zA-Z0-9]+$/;

/** What the kubelet puts there. */
const ACCOUNT_FILES = new Set(['token', 'ca.crt'].map((name) => ACCOUNT + name));

const files = ({ plan: { estate }, site }: Cluster): Obstacle[] =>
  sourceFiles(estate, site.id).flatMap(({ path, file, holds }): Obstacle[] => {
    if (holds === 'data') return [{ path, detail: DATA }];
    if (file.startsWith(SECRETS) && KEY.test(file.slice(SECRETS.length))) return [];
    if (holds === 'account' && ACCOUNT_FILES.has(file)) return [];
    return [
      {
        path,
        detail: {
          zh: `容器中没有这个文件：请写 ${SECRETS}名称，并把它放进 Secret greenflops-sources，键即名称`,
          en: `the exporter's container has no such file: write ${SECRETS}NAME, and put it into the Secret greenflops-sources under the key NAME`,
        },
      },
    ];
  });

/** A pod has no ~/.kube/config, its own account opens its own cluster, and a policy lets it out to addresses alone. */
const kubernetesApi = ({ plan: { estate }, cluster: host, site }: Cluster): Obstacle[] =>
  siteSources(estate, site.id).flatMap(({ path, source, cluster }): Obstacle[] => {
    if (source.protocol !== 'kubernetes' || !cluster) return [];
    const own = cluster.id === host.id;
    const way: Text = own
      ? {
          zh: '采集器在本集群的容器中运行：请写 kubeconfig: in-cluster',
          en: 'the exporter runs in a container of this cluster: write kubeconfig: in-cluster',
        }
      : {
          zh: `采集器在集群 ${host.id} 中运行，要读取本集群需要凭据：请写 kubeconfig: ${SECRETS}名称`,
          en: `the exporter runs in the cluster ${host.id} and needs credentials for this one: write kubeconfig: ${SECRETS}NAME`,
        };
    const wrong = source.kubeconfig === undefined || (source.kubeconfig === 'in-cluster' && !own);
    return [
      ...(wrong ? [{ path, detail: way }] : []),
      ...(cluster.api_server.length === 0 ? [{ path, detail: NO_ADDRESS }] : []),
    ];
  });

/**
 * Kueue serves its metrics by HTTPS to those whom the cluster's own API server knows and lets read them. Left to itself it
 * makes its certificate anew at every start, which no authority and no fingerprint vouches for.
 */
const kueue = ({ plan: { estate }, cluster: host, site }: Cluster): Obstacle[] =>
  siteSources(estate, site.id).flatMap(({ path, source, cluster }): Obstacle[] => {
    if (!path.includes('kueue') || !cluster || source.protocol !== 'exposition') return [];
    if (!source.url?.startsWith('https:')) return []; // what stands in front of Kueue has proven to whom it shows what
    const { auth, tls } = source;
    const isOwn = cluster.id === host.id;
    const byAccount = auth !== undefined && 'bearer_file' in auth && auth.bearer_file.startsWith(ACCOUNT);
    const token: Text = isOwn
      ? {
          zh: `Kueue 只给有权限的账号看指标：请写 auth: { bearer_file: ${ACCOUNT}token }，权限由 guardrails 栈授予`,
          en: `Kueue shows its metrics to accounts with that right alone: write auth: { bearer_file: ${ACCOUNT}token }; the guardrails stack grants it`,
        }
      : {
          zh: `采集器在集群 ${host.id} 中运行，它的令牌在本集群无效：请写 auth: { bearer_file: ${SECRETS}名称 }，放入本集群中可 get /metrics 的账号的令牌`,
          en: `the exporter runs in the cluster ${host.id}, whose token is none here: write auth: { bearer_file: ${SECRETS}NAME }, a token of an account of this cluster that may get /metrics`,
        };
    return [
      ...(auth === undefined || (byAccount && !isOwn) ? [{ path, detail: token }] : []),
      ...(tls?.ca_file === undefined && tls?.fingerprint_sha256 === undefined && inCluster(source.url)
        ? [{ path, detail: NO_AUTHORITY }]
        : []),
    ];
  });

/** No public authority signs for a Service's name. */
const inCluster = (url: string): boolean => /\.svc(\.|$)/.test(new URL(url).hostname);

const NO_AUTHORITY: Text = {
  zh: `Kueue 的指标用 HTTPS，证书默认在每次启动时自签：请让 cert-manager 签发（Kueue 的 enableCertManager），把签发者的 CA 放进 Secret greenflops-sources，并写 tls: { ca_file: ${SECRETS}名称 }`,
  en: `Kueue serves its metrics by HTTPS with a certificate that it makes itself at every start: let cert-manager issue it (enableCertManager of Kueue), put its CA into the Secret greenflops-sources, and write tls: { ca_file: ${SECRETS}NAME }`,
};
const SECRET: Text = {
  zh: '地址中含有用户名、密码或令牌，会原样写进 ConfigMap：请去掉',
  en: 'the address holds a user, a password or a token, which would lie open in a ConfigMap: take it out',
};
const UNNAMEABLE: Text = {
  zh: '网络策略只认 IP 地址和集群内服务（名称.命名空间.svc）：请写 IP 地址',
  en: 'a network policy knows addresses and Services (name.namespace.svc) alone: write the IP address',
};
const DATA: Text = {
  zh: '采集器的容器只挂载声明、账本与 Secret，没有放数据文件的卷：请在主机上运行该园区的采集器，或用 greenflops import 导入',
  en: "the exporter's container mounts the declaration, the ledger and Secrets, and no volume with data files: run this site's exporter on a host, or bring the files in with greenflops import",
};
const NO_ADDRESS: Text = {
  zh: '网络策略须写明 API 服务器的地址：请在该集群写 api_server: [地址:端口]',
  en: 'the network policy wants the addresses of the API server: give the cluster api_server: [address:port]',
};
