import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { startControlPlane, type ControlPlane } from '../test/cluster/control-plane.ts';
import { nodeObject, startKwok } from '../test/cluster/kwok.ts';
import type { Result } from './entry.ts';
import { serverMemory } from './server-memory.ts';

const NODES = 1000;
const CHIPS = 8;
const PODS = 2000;
const PATIENCE = 300_000; // ms for each of the two waits; an idle machine needs a third of it

const vendors = ['nvidia.com/gpu', 'huawei.com/Ascend910', 'hygon.com/dcu'] as const;
const vendorOf = (node: number) => node % vendors.length;
const taintOf = (vendor: number) => ({ key: 'greenflops.io/pool', value: `pool-${vendor}`, effect: 'NoSchedule' });

/** The API server as this process asks it: 32 requests at once, without kubectl's own limit of 50 a second. */
function api({ access: { server, authority, token } }: ControlPlane) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32, ca: readFileSync(authority) });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    async ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<string> {
      const asked = request(`${server}${path}`, { method, agent, headers });
      asked.end(body === undefined ? undefined : JSON.stringify(body));
      const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
      const said = await text(answer);
      if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${said.slice(0, 300)}`);
      return said;
    },
    close: () => agent.destroy(),
  };
}
type Api = ReturnType<typeof api>;

interface Counted {
  readonly items: readonly {
    readonly spec: { readonly nodeName?: string };
    readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

/** Seconds until all of `path` are as they should be; rejects after five minutes with how many are. */
async function until(
  client: Api,
  path: string,
  all: number,
  done: (item: Counted['items'][number]) => boolean,
): Promise<number> {
  const began = performance.now();
  for (;;) {
    const { items } = JSON.parse(await client.ask('GET', path)) as Counted;
    const there = items.filter(done).length;
    const taken = performance.now() - began;
    if (there >= all) return taken / 1000;
    if (taken > PATIENCE) throw new Error(`${path}: ${there} of ${all} after ${PATIENCE / 1000} s`);
    await sleep(500);
  }
}

/** A province's fleet on the real API server and scheduler: nodes whose kubelets KWOK plays, of three vendors, each pool with its taint. */
export async function poolsScale(): Promise<Result[]> {
  await using ends = new AsyncDisposableStack();
  const plane = await startControlPlane('scale', { scheduler: true });
  ends.defer(() => plane.stop());
  await startKwok(ends, plane);
  const client = api(plane);
  ends.defer(() => client.close());

  const nodesBegan = performance.now();
  await Promise.all(
    Array.from({ length: NODES }, (_, i) =>
      client.ask(
        'POST',
        '/api/v1/nodes',
        nodeObject({
          name: `node-${i}`,
          labels: { 'greenflops.io/pool': `pool-${vendorOf(i)}` },
          taints: [taintOf(vendorOf(i))],
          devices: { [vendors[vendorOf(i)] ?? '']: String(CHIPS) },
        }),
      ),
    ),
  );
  // The node controller takes its own taint off a node that is Ready: until then the scheduler passes it by.
  await until(client, '/api/v1/nodes', NODES, ({ spec, status }) => {
    const ready = status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
    return ready && (spec as { taints?: readonly object[] }).taints?.length === 1;
  });
  const nodesSeconds = (performance.now() - nodesBegan) / 1000;

  // Half a node each and as many as fit: at the end no chip is free.
  const podsBegan = performance.now();
  await Promise.all(
    Array.from({ length: PODS }, (_, i) => {
      const vendor = vendorOf(Math.floor((i * NODES) / PODS));
      return client.ask('POST', '/api/v1/namespaces/default/pods', {
        metadata: { name: `pod-${i}` },
        spec: {
          tolerations: [{ ...taintOf(vendor), operator: 'Equal' }],
          containers: [
            {
              name: 'main',
              image: 'registry.example/work:1',
              resources: { limits: { [vendors[vendor] ?? '']: String((NODES * CHIPS) / PODS) } },
            },
          ],
        },
      });
    }),
  );
  await until(client, '/api/v1/namespaces/default/pods', PODS, ({ spec }) => spec.nodeName !== undefined);
  const podsSeconds = (performance.now() - podsBegan) / 1000;

  const what = `${NODES} KWOK nodes x ${CHIPS} chips of ${vendors.length} vendors`;
  return [
    { name: `${what}, until all are Ready`, unit: 's', value: nodesSeconds },
    { name: `${what}, until ${PODS} pods have every chip`, unit: 's', value: podsSeconds },
    { name: `${what}, pods scheduled`, unit: '1/s', value: PODS / podsSeconds },
    ...[...serverMemory()].map(([name, value]): Result => ({
      name: `${what}, peak RSS of ${name}`,
      unit: 'MiB',
      value,
    })),
  ];
}
