import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ReadError } from '../reader.ts';
import { accessFile } from './access-file.ts';
import type { KubernetesAccess } from './kubernetes-access.ts';

const cluster = z.object({
  server: z.url({ protocol: /^https?$/ }),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'tls-server-name': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'proxy-url': z.string().optional(),
});
const user = z.object({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
  exec: z.unknown().optional(),
  'auth-provider': z.unknown().optional(),
  username: z.unknown().optional(),
  as: z.unknown().optional(),
});
/** kubernetes.io/docs/reference/config-api/kubeconfig.v1; entries that are not chosen need not be in order */
const kubeconfig = z.object({
  'current-context': z.string().optional(),
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string().default('') }) }))
    .nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster: z.unknown().optional() })).nullish(),
  users: z.array(z.object({ name: z.string(), user: z.unknown().optional() })).nullish(),
});

/** What is refused, and what to do instead. */
const refusedOfCluster = {
  'insecure-skip-tls-verify':
    'anybody between here and there could read the token: put the authority into certificate-authority-data instead',
  'proxy-url': 'no proxy is used here: name a server that is reached without one',
} as const;
const refusedOfUser = {
  exec: 'no program is started to get a token: make a service account, and put its token into a file named by tokenFile (docs/devices/kubernetes.md)',
  'auth-provider': 'Kubernetes has dropped it: use the token of a service account in a file named by tokenFile',
  username: 'Kubernetes takes no passwords any more: use the token of a service account in a file named by tokenFile',
  as: 'nobody is impersonated: give the account itself the rights to get, list and watch nodes and pods',
} as const;

/** The context of some kubeconfig files, of which the earlier ones win. @throws ReadError with the file, or all of them */
export async function kubeconfigAccess(paths: readonly string[], context?: string): Promise<KubernetesAccess> {
  const files = await Promise.all(paths.map(open));
  const where = paths.join(', ');
  const fail = (what: string): ReadError => new ReadError('protocol', `kubeconfig ${where}: ${what}`);
  const wanted = context ?? files.find((file) => file['current-context'])?.['current-context'];
  if (!wanted) throw fail('no current-context, and the declaration names none');
  const all = <T>(of: (file: (typeof files)[number]) => readonly T[] | null | undefined): (T & { folder: string })[] =>
    files.flatMap((file) => (of(file) ?? []).map((entry) => ({ ...entry, folder: file.folder })));

  const contexts = all((file) => file.contexts);
  const chosen = contexts.find(({ name }) => name === wanted)?.context;
  if (!chosen)
    throw fail(`no context ${wanted}; there are: ${contexts.map(({ name }) => name).join(', ') || 'none at all'}`);
  const clusterEntry = all((file) => file.clusters).find(({ name }) => name === chosen.cluster);
  const userEntry = all((file) => file.users).find(({ name }) => name === chosen.user);
  const the = checked(cluster, clusterEntry?.cluster, `cluster ${chosen.cluster}`, fail);
  const who = checked(user, userEntry?.user ?? {}, `user ${chosen.user}`, fail);
  refuse(the, refusedOfCluster, `cluster ${chosen.cluster}`, fail);
  refuse(who, refusedOfUser, `user ${chosen.user}`, fail);

  const tokenFile = who.tokenFile && resolve(userEntry?.folder ?? '', who.tokenFile);
  const token = tokenFile ? (await accessFile(tokenFile)).trim() : (who.token ?? null);
  const server = new URL(the.server);
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(server.hostname);
  if (server.protocol === 'http:' && token !== null && !loopback)
    throw fail(`the token of user ${chosen.user} would go to ${server.origin} in the clear: use https`);
  return {
    server,
    tls: {
      ca: await pem(clusterEntry, the['certificate-authority'], the['certificate-authority-data']),
      cert: await pem(userEntry, who['client-certificate'], who['client-certificate-data']),
      key: await pem(userEntry, who['client-key'], who['client-key-data']),
      servername: the['tls-server-name'],
    },
    token,
    told: `user ${chosen.user} of ${tokenFile || where}`,
  };
}

async function open(path: string): Promise<z.infer<typeof kubeconfig> & { folder: string }> {
  const text = await accessFile(path);
  const fail = (what: string): ReadError => new ReadError('protocol', `kubeconfig ${path}: ${what}`);
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    throw fail('no YAML'); // the parser's message would show the line, which may hold a token
  }
  return { ...checked(kubeconfig, value, 'it', fail), folder: dirname(resolve(path)) };
}

/** What stands in the file itself wins over what it names, as in client-go. */
async function pem(
  entry: { folder: string } | undefined,
  file: string | undefined,
  data: string | undefined,
): Promise<string | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64').toString();
  return file ? accessFile(resolve(entry?.folder ?? '', file)) : undefined;
}

/** Zod's words for what is wrong, without the value: it may be a secret. */
function checked<T>(schema: z.ZodType<T>, value: unknown, what: string, fail: (what: string) => ReadError): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw fail(value === undefined ? `no ${what}` : `${[what, ...(issue?.path ?? [])].join('.')}: ${issue?.message}`);
}

function refuse(
  entry: Readonly<Record<string, unknown>>,
  refused: Readonly<Record<string, string>>,
  what: string,
  fail: (what: string) => ReadError,
): void {
  for (const [key, remedy] of Object.entries(refused)) if (entry[key]) throw fail(`${what} has ${key}: ${remedy}`);
}
