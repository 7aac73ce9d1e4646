import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { KubernetesSource } from '../../../model/schema/sources.ts';
import { ReadError } from '../reader.ts';
import { accessFile } from './access-file.ts';
import { kubeconfigAccess } from './kubeconfig.ts';

/** One way into one API server. */
export interface KubernetesAccess {
  /** With a path where the server stands behind one (Rancher) */
  readonly server: URL;
  /** PEM; absent: the system's authorities, no certificate of our own */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly servername?: string };
  readonly token: string | null;
  /** What proves who asks, for the error where it is refused; never the secret itself */
  readonly told: string;
}

/** Where the kubelet puts what a pod needs to ask the API server; the token is replaced there before it expires. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How the cluster is reached, read anew at each call: tokens and certificates are replaced while we run.
 * @param context of the kubeconfig, where the source names none
 * @param account folder of the pod's own account
 * @throws ReadError that says what is missing or what cannot be used
 */
export async function kubernetesAccess(
  source: Pick<KubernetesSource, 'kubeconfig' | 'context'>,
  context?: string,
  env: Environment = process.env,
  account = ACCOUNT,
): Promise<KubernetesAccess> {
  if (source.kubeconfig === 'in-cluster') return inCluster(env, account);
  const paths = source.kubeconfig ?? (env['KUBECONFIG'] || join(homedir(), '.kube', 'config'));
  return kubeconfigAccess(paths.split(delimiter).filter(Boolean), source.context ?? context);
}

/** kubernetes.io/docs/tasks/run-application/access-api-from-pod */
async function inCluster(env: Environment, account: string): Promise<KubernetesAccess> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  if (!host)
    throw new ReadError(
      'unreachable',
      'kubeconfig: in-cluster, but KUBERNETES_SERVICE_HOST is not set: this is no pod, or its links are off; name a kubeconfig file',
    );
  const file = join(account, 'token');
  const [token, ca] = await Promise.all([accessFile(file), accessFile(join(account, 'ca.crt'))]);
  const server = new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`);
  return { server, tls: { ca }, token: token.trim(), told: `the token in ${file}` };
}
