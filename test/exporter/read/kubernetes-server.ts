import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Meta {
  name: string;
  namespace?: string;
  resourceVersion?: string;
}
export type KubernetesObject = { metadata: Meta } & Record<string, unknown>;

const kinds = { nodes: 'NodeList', pods: 'PodList' } as const;
type Plural = keyof typeof kinds;

/** An API server that holds objects in memory, pages and watches them as the real one does, and fails as it is told. */
export interface FakeApiServer extends AsyncDisposable {
  readonly origin: string;
  /** Requests since the start, path and query */
  readonly asked: string[];
  /** Authorization headers that came */
  readonly authorizations: Set<string | undefined>;
  put(plural: Plural, object: KubernetesObject, type?: 'ADDED' | 'MODIFIED' | 'DELETED'): void;
  bookmark(plural: Plural): void;
  /** Sends a line to all watches of a kind. */
  say(plural: Plural, line: string): void;
  /** Ends all watches; `hard`: by a reset. */
  cut(hard?: boolean): void;
  /** Answers instead of the server while it returns true. */
  hook: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;
  readonly watches: number;
}

export const statusBody = (code: number, reason: string, message: string): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code });

export async function fakeApiServer(page = Infinity): Promise<FakeApiServer> {
  const store = { nodes: new Map<string, KubernetesObject>(), pods: new Map<string, KubernetesObject>() };
  const watchers = new Map<ServerResponse, Plural>();
  let version = 100;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    fake.asked.push(`${url.pathname}${url.search}`);
    fake.authorizations.add(request.headers.authorization);
    if (fake.hook(request, response, url)) return;
    const plural = url.pathname.split('/').at(-1) as Plural;
    if (!(plural in kinds)) {
      response.writeHead(404).end(statusBody(404, 'NotFound', 'not found'));
      return;
    }
    if (url.searchParams.has('watch')) {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      watchers.set(response, plural);
      response.on('close', () => watchers.delete(response));
      return;
    }
    const all = [...store[plural].values()];
    const from = Number(url.searchParams.get('continue') ?? 0);
    const to = from + Math.min(page, Number(url.searchParams.get('limit') ?? Infinity));
    const metadata = { resourceVersion: String(version), ...(to < all.length ? { continue: String(to) } : {}) };
    response.end(JSON.stringify({ kind: kinds[plural], apiVersion: 'v1', metadata, items: all.slice(from, to) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const to = (plural: Plural) => [...watchers].filter(([, one]) => one === plural).map(([response]) => response);
  const fake: FakeApiServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    authorizations: new Set(),
    hook: () => false,
    get watches() {
      return watchers.size;
    },
    put(plural, object, type = 'ADDED') {
      version += 1;
      object.metadata.resourceVersion = String(version);
      const key = `${object.metadata.namespace}/${object.metadata.name}`;
      if (type === 'DELETED') store[plural].delete(key);
      else store[plural].set(key, object);
      fake.say(plural, JSON.stringify({ type, object }));
    },
    bookmark(plural) {
      fake.say(
        plural,
        JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(version) } } }),
      );
    },
    say(plural, line) {
      for (const response of to(plural)) response.write(`${line}\n`);
    },
    cut(hard = false) {
      for (const response of watchers.keys()) {
        if (hard) response.socket?.resetAndDestroy();
        else response.end();
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

/** A node with chips, as the kubelet and a device plugin describe it. */
export const nodeOf = (name: string, resource: string, chips: number): KubernetesObject => ({
  metadata: { name, labels: { accelerator: 'a800', 'kubernetes.io/hostname': name } } as Meta,
  spec: {},
  status: {
    capacity: { cpu: '128', memory: '2113458024Ki', [resource]: String(chips) },
    allocatable: { cpu: '127500m', memory: '2113355624Ki', [resource]: String(chips) },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});

/** A pod that is bound to a node and requests chips. */
export const podOf = (
  namespace: string,
  name: string,
  nodeName: string,
  requests: Record<string, string>,
): KubernetesObject => ({
  metadata: { namespace, name },
  spec: { nodeName, containers: [{ name: 'main', resources: { requests, limits: requests } }] },
  status: { phase: 'Running' },
});
