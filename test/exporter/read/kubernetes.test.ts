import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { kubernetesSource } from '../../../model/schema/sources.ts';
import type { Allocations, Wanted } from '../../../exporter/read/allocation/allocations.ts';
import { kubernetesCluster, type ClusterOptions } from '../../../exporter/read/kubernetes/kubernetes-cluster.ts';
import type { ReadError, Reader } from '../../../exporter/read/reader.ts';
import { fakeApiServer, type FakeApiServer, nodeOf, podOf, statusBody } from './kubernetes-server.ts';

const GPU = 'nvidia.com/gpu';
const never = new AbortController().signal;
const wanted: Wanted = { resources: new Set([GPU, 'huawei.com/Ascend910']), labels: new Set(['accelerator']) };
const pace = { watchSeconds: 60, idle: 5000, backoff: [5, 40] as const };

const readers: Reader<Allocations>[] = [];
afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.close()));
});

function follow(server: FakeApiServer, options: Partial<ClusterOptions> = {}): Reader<Allocations> {
  const source = kubernetesSource.parse({ protocol: 'kubernetes', timeout: '2s' });
  const access = async () => ({ server: new URL(server.origin), tls: {}, token: 'secret-1', told: 'user test' });
  const reader = kubernetesCluster(source, { wanted, pace, access, ...options });
  readers.push(reader);
  return reader;
}
const failure = (reader: Reader<unknown>, signal = never): Promise<ReadError> =>
  reader.read(signal).then(
    () => expect.unreachable('it was read'),
    (error: unknown) => error as ReadError,
  );
const pods = ({ holds }: Allocations) => holds.map(({ pod, chips }) => `${pod} ${chips}`).toSorted();
/** Reads until it is so, or until the test is out of time. */
async function until(reader: Reader<Allocations>, so: (now: Allocations) => boolean): Promise<Allocations> {
  for (;;) {
    const now = await reader.read(never);
    if (so(now)) return now;
    await sleep(5);
  }
}

test('nodes and what their pods hold, page by page, without what nobody wants', async () => {
  await using server = await fakeApiServer(3);
  for (let i = 0; i < 8; i++) server.put('nodes', nodeOf(`n${i}`, GPU, 8));
  server.put('nodes', { metadata: { name: 'plain' }, status: { capacity: { cpu: '4' } } });
  for (let i = 0; i < 7; i++) server.put('pods', podOf('copper', `p${i}`, `n${i}`, { [GPU]: String(i), cpu: '4' }));
  const { nodes, holds } = await follow(server).read(never);
  expect(nodes).toHaveLength(8);
  expect(nodes?.[0]).toEqual({
    name: 'n0',
    labels: { accelerator: 'a800' },
    capacity: new Map([[GPU, 8]]),
    allocatable: new Map([[GPU, 8]]),
    schedulable: true,
    ready: true,
  });
  // p0 requests 0, which is nothing
  expect(holds.map(({ pod, node, chips }) => [pod, node, chips])).toEqual(
    [1, 2, 3, 4, 5, 6].map((i) => [`p${i}`, `n${i}`, i]),
  );
  expect(server.asked.filter((path) => path.includes('continue='))).toHaveLength(4);
  expect(server.asked.every((path) => path.includes('limit=250') || path.includes('allowWatchBookmarks=true'))).toBe(
    true,
  );
  expect([...server.authorizations]).toEqual(['Bearer secret-1']);
});

test('a watch brings news, and the server is not asked again', async () => {
  await using server = await fakeApiServer();
  server.put('nodes', nodeOf('n0', GPU, 8));
  server.put('pods', podOf('a', 'old', 'n0', { [GPU]: '2' }));
  const reader = follow(server);
  expect(pods(await reader.read(never))).toEqual(['old 2']);
  await expect.poll(() => server.watches).toBe(2);
  server.put('pods', podOf('a', 'new', 'n0', { [GPU]: '4' }));
  await until(reader, ({ holds }) => holds.length === 2);
  server.put('pods', podOf('a', 'old', 'n0', { [GPU]: '2' }), 'DELETED');
  // over, though the field selector should have made that a DELETED
  server.put('pods', { ...podOf('a', 'new', 'n0', { [GPU]: '4' }), status: { phase: 'Succeeded' } }, 'MODIFIED');
  await until(reader, ({ holds }) => holds.length === 0);
  server.put('nodes', { ...nodeOf('n0', GPU, 8), spec: { unschedulable: true } }, 'MODIFIED');
  await until(reader, ({ nodes }) => nodes?.[0]?.schedulable === false);
  const lists = server.asked.filter((path) => !path.includes('watch='));
  expect(lists).toHaveLength(2);
});

test('a watch that the server ends or the network cuts goes on from where it was', async () => {
  await using server = await fakeApiServer();
  server.put('pods', podOf('a', 'one', 'n0', { [GPU]: '1' }));
  const reader = follow(server);
  await reader.read(never);
  for (const hard of [false, true]) {
    await expect.poll(() => server.watches).toBe(2);
    // a version that no pod has: a bookmark tells it
    server.put('nodes', nodeOf('n0', GPU, 8));
    server.bookmark('pods');
    const before = server.asked.length;
    await sleep(20);
    server.cut(hard);
    await expect.poll(() => server.asked.length).toBeGreaterThanOrEqual(before + 2);
  }
  const asked = server.asked.filter((path) => path.startsWith('/api/v1/pods?watch'));
  expect(asked.length).toBeGreaterThanOrEqual(3);
  expect(asked.at(-1)).toContain('resourceVersion=103');
  expect(server.asked.filter((path) => path.includes('limit='))).toHaveLength(2);
});

describe('410', () => {
  test('within a watch: everything is listed anew', async () => {
    await using server = await fakeApiServer();
    server.put('pods', podOf('a', 'one', 'n0', { [GPU]: '1' }));
    const reader = follow(server);
    await reader.read(never);
    await expect.poll(() => server.watches).toBe(2);
    server.say('pods', JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }));
    await expect.poll(() => server.asked.filter((path) => path.startsWith('/api/v1/pods?limit')).length).toBe(2);
    expect(pods(await reader.read(never))).toEqual(['one 1']);
  });

  test('of a page: the list begins anew, and objects of the first try do not stay', async () => {
    await using server = await fakeApiServer(2);
    for (let i = 0; i < 5; i++) server.put('pods', podOf('a', `p${i}`, 'n0', { [GPU]: '1' }));
    server.hook = (_, response, { searchParams }) => {
      if (!searchParams.has('continue') || searchParams.get('fieldSelector') === null) return false;
      server.hook = () => false;
      server.put('pods', podOf('a', 'p0', 'n0', {}), 'DELETED');
      response.writeHead(410).end(statusBody(410, 'Expired', 'The provided continue parameter is too old'));
      return true;
    };
    expect(pods(await follow(server).read(never))).toEqual(['p1 1', 'p2 1', 'p3 1', 'p4 1']);
    expect(server.asked.some((path) => path.startsWith('/api/v1/pods?fieldSelector'))).toBe(true);
  });
});

describe('refusals, in words', () => {
  test.each([
    [
      403,
      'pods is forbidden: User "system:serviceaccount:x:y" cannot list resource "pods"',
      'cluster role with get, list',
    ],
    [401, 'Unauthorized', 'user test was refused: has it expired?'],
    [503, 'etcdserver: no leader', ''],
  ])('status %d', async (code, message, remedy) => {
    await using server = await fakeApiServer();
    server.hook = (_, response, { pathname }) => {
      if (pathname !== '/api/v1/pods') return false;
      response.writeHead(code).end(statusBody(code, 'Reason', message));
      return true;
    };
    const error = await failure(follow(server));
    expect(error.failure).toBe('http_status');
    expect(error.message).toContain(`GET ${server.origin}/api/v1/pods, page 1: status ${code}: ${message}`);
    expect(error.message).toContain(remedy);
    expect(error.message).not.toContain('secret-1');
  });

  test('nobody listens', async () => {
    const server = await fakeApiServer();
    await server[Symbol.asyncDispose]();
    const error = await failure(follow(server));
    expect(error.failure).toBe('refused');
    expect(error.message).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/api\/v1\/(nodes|pods), page 1: .*ECONNREFUSED/);
  });

  test('an answer that stops in the middle, and one that never comes', async () => {
    await using server = await fakeApiServer();
    server.hook = (_, response, { pathname }) => {
      if (pathname === '/api/v1/pods') return false;
      response.writeHead(200).end('{"kind":"NodeList","metadata":{"resourceVersion":"1"},"items":[{"metadata":{"na');
      return true;
    };
    expect(await failure(follow(server))).toMatchObject({ failure: 'protocol' });
    server.hook = () => true;
    const reader = follow(server);
    const error = await failure(reader, AbortSignal.timeout(50));
    expect(error).toMatchObject({ failure: 'timeout' });
    expect(error.message).toContain('the first list of nodes is not complete yet');
  });

  test('after 429 the server is left alone for as long as it asks', async () => {
    await using server = await fakeApiServer();
    server.hook = (_, response) => {
      response.writeHead(429, { 'retry-after': '1' }).end('busy');
      return true;
    };
    const error = await failure(follow(server));
    expect(error.message).toContain('status 429: the server is overloaded');
    const asked = server.asked.length;
    await sleep(300);
    expect(server.asked.length).toBe(asked);
  });
});

test('a broken server is asked ever more seldom', async () => {
  await using server = await fakeApiServer();
  server.hook = (_, response) => {
    response.writeHead(500).end();
    return true;
  };
  await failure(follow(server, { pace: { ...pace, backoff: [50, 400] } }));
  await sleep(600);
  // 2 mirrors; with full jitter 25, 50, 100, 200, 200 ms on average, never hundreds of requests
  expect(server.asked.length).toBeGreaterThan(3);
  expect(server.asked.length).toBeLessThan(60);
});

test('a silent watch is cut, and a state that nobody confirms is no answer', async () => {
  await using server = await fakeApiServer();
  server.put('pods', podOf('a', 'one', 'n0', { [GPU]: '1' }));
  const reader = follow(server, { pace: { ...pace, idle: 60 }, maxAge: 250 });
  await reader.read(never);
  await expect.poll(() => server.watches).toBe(2);
  const before = server.asked.length;
  // half-open: the connection stays and nothing comes
  await expect.poll(() => server.asked.length).toBeGreaterThan(before + 1);
  expect(pods(await reader.read(never))).toEqual(['one 1']);
  server.hook = (_, response) => {
    response.writeHead(401).end(statusBody(401, 'Unauthorized', 'Unauthorized'));
    return true;
  };
  server.cut();
  await sleep(400);
  const error = await failure(reader);
  expect(error.failure).toBe('http_status');
  expect(error.message).toMatch(/nothing was heard of (nodes|pods) for 0 s: GET .*, watch: status 401: Unauthorized/);
  server.hook = () => false;
  await expect.poll(() => reader.read(never).then(pods, () => null)).toEqual(['one 1']);
});

test('closing ends watches and lets nothing go on', async () => {
  await using server = await fakeApiServer();
  const reader = follow(server);
  await reader.read(never);
  await expect.poll(() => server.watches).toBe(2);
  await reader.close();
  await expect.poll(() => server.watches).toBe(0);
  const asked = server.asked.length;
  await sleep(50);
  expect(server.asked.length).toBe(asked);
});
