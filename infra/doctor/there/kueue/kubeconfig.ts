import { X509Certificate } from 'node:crypto';
import { parse } from 'yaml';
import type { Trouble } from '../../../../model/checkup.ts';
import type { Text } from '../../../../model/text.ts';
import type { There } from '../../context.ts';

interface Kubeconfig {
  readonly clusters?: readonly {
    readonly cluster?: {
      readonly server?: string;
      readonly 'certificate-authority'?: string;
      readonly 'insecure-skip-tls-verify'?: boolean;
    };
  }[];
  readonly users?: readonly {
    readonly user?: {
      readonly token?: string;
      readonly tokenFile?: string;
      readonly 'client-certificate'?: string;
      readonly 'client-key'?: string;
      readonly 'client-certificate-data'?: string;
      readonly exec?: unknown;
    };
  }[];
}

const KEY = 'kubeconfig';
const DAY = 86_400_000; // ms
const NEAR = 14 * DAY; // a fortnight to make a new one and bring it over

/**
 * What is wrong with the Secret by which a manager enters a worker. Its text is looked at here and told nobody: neither a
 * token nor an error of a parser, which quotes it, gets into the report.
 */
export async function kubeconfigFaults(there: There, worker: string, name: string): Promise<Trouble[]> {
  const { reader, now, view } = there;
  const { namespace } = view.cluster.kueue;
  const where = `Secret ${namespace}/${name}`;
  const bring: Text = {
    zh: `sh kubeconfigs.sh ${worker}（npm run render 写在 ${view.cluster.id} 的目录中）：取新的令牌，放入这个 Secret`,
    en: `sh kubeconfigs.sh ${worker} (npm run render writes it to the folder of ${view.cluster.id}): it asks for a new token and puts it into this Secret`,
  };
  const fault = (zh: string, en: string): Trouble[] => [{ where, what: { zh, en }, todo: bring }];
  // Not through the reader's memory of answers.
  const { code, stdout } = await reader.run([
    'get',
    'secret',
    name,
    '-n',
    namespace,
    '--ignore-not-found',
    '-o',
    'json',
  ]);
  if (code !== 0) return []; // whoever may not read Secrets goes by Kueue's own condition
  if (stdout.trim() === '')
    return fault('不存在：管理集群进不了这个工作集群', 'is not there: the manager cannot enter that worker');
  const { data = {} } = JSON.parse(stdout) as { readonly data?: Readonly<Record<string, string>> };
  const text = data[KEY];
  if (text === undefined) {
    const keys = Object.keys(data).join(', ');
    return fault(`没有键 ${KEY}，只有 ${keys || '空'}`, `has no key ${KEY}, but ${keys || 'none at all'}`);
  }
  const config = readingOf(text);
  if (!config) return fault(`键 ${KEY} 的内容不是 kubeconfig`, `its ${KEY} is no kubeconfig`);
  const users = (config.users ?? []).map(({ user }) => user ?? {});
  const clusters = (config.clusters ?? []).map(({ cluster }) => cluster ?? {});
  const files = [
    ...new Set([
      ...clusters.flatMap((one) => (one['certificate-authority'] === undefined ? [] : 'certificate-authority')),
      ...users.flatMap((one) =>
        (['client-certificate', 'client-key', 'tokenFile'] as const).filter((key) => one[key] !== undefined),
      ),
    ]),
  ];
  const faults: Trouble[] = [];
  if (files.length > 0)
    faults.push(
      ...fault(
        `kubeconfig 含文件路径（${files.join('、')}）：Kueue 不接受，内容须内嵌`,
        `its kubeconfig names files (${files.join(', ')}), which Kueue refuses: what they hold must stand inline`,
      ),
    );
  if (clusters.some((one) => one['insecure-skip-tls-verify']))
    faults.push(
      ...fault(
        'kubeconfig 不校验服务器证书（insecure-skip-tls-verify）：Kueue 不接受',
        "its kubeconfig does not verify the server's certificate (insecure-skip-tls-verify), which Kueue refuses",
      ),
    );
  const server = await ownServer(there);
  if (server !== '' && clusters.some((one) => one.server === server))
    faults.push(
      ...fault(
        `kubeconfig 指向管理集群自己（${server}）：它把作业交给自己`,
        `its kubeconfig leads to the manager itself (${server}), which would hand its jobs to itself`,
      ),
    );
  const ends = Math.min(
    ...users.flatMap((user) => [...tokenEnd(user.token), ...certificateEnd(user['client-certificate-data'])]),
  );
  const day = Number.isFinite(ends) ? new Date(ends).toISOString().slice(0, 10) : '';
  if (ends <= now())
    faults.push(
      ...fault(
        `凭据已于 ${day} 过期：管理集群进不了这个工作集群`,
        `its credentials ended on ${day}: the manager cannot enter that worker`,
      ),
    );
  else if (ends - now() < NEAR)
    faults.push(
      ...fault(
        `凭据将于 ${day} 过期，之后这个工作集群收不到作业`,
        `its credentials end on ${day}, after which that worker gets no jobs`,
      ),
    );
  return faults;
}

function readingOf(base64: string): Kubeconfig | undefined {
  try {
    const parsed = parse(Buffer.from(base64, 'base64').toString()) as Kubeconfig | string | null;
    return typeof parsed === 'object' && Array.isArray(parsed?.clusters) ? (parsed ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** The end of a JSON Web Token (RFC 7519, `exp` in seconds); none where the token is another one or has no end. */
function tokenEnd(token = ''): number[] {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined;
    return typeof exp === 'number' ? [exp * 1000] : [];
  } catch {
    return [];
  }
}

function certificateEnd(base64: string | undefined): number[] {
  if (base64 === undefined) return [];
  try {
    return [Date.parse(new X509Certificate(Buffer.from(base64, 'base64')).validTo)];
  } catch {
    return [];
  }
}

/** Where the manager's own API server stands, as this machine's kubeconfig has it. */
async function ownServer({ reader }: There): Promise<string> {
  const { stdout } = await reader.run(['config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}']);
  return stdout.trim();
}
