import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from './child.ts';
import { quantile, type Result } from './entry.ts';

const SIZES = [1000, 10_000, 40_000, 100_000];
const SCRAPES = 200;
const PEER_SCRAPES = 40;

/** ms from the request to the last byte, on one kept connection, as Prometheus does. */
function scrape(url: string, agent: Agent): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const begun = performance.now();
  request(`${url}/metrics`, { agent }, (response) => {
    response
      .on('data', () => {})
      .on('end', () => resolve(performance.now() - begun))
      .on('error', reject);
  })
    .on('error', reject)
    .end();
  return promise;
}

async function measure(server: Child, scrapes: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (let i = 0; i < 5; i++) await scrape(server.url, agent);
  await server.ask('vitals');
  for (let i = 0; i < scrapes; i++) {
    times.push(await scrape(server.url, agent));
    await sleep(5);
  }
  const { block } = await server.ask('vitals');
  agent.destroy();
  await server.stop();
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), block };
}

/** Whole scrapes over loopback, uncompressed, beside prom-client + express. */
export async function scrapeBench(): Promise<Result[]> {
  const results: Result[] = [];
  for (const series of SIZES) {
    const ours = await measure(await startChild('ours', series), SCRAPES);
    const theirs = await measure(await startChild('peer', series), PEER_SCRAPES);
    const row = (what: string, key: 'p50' | 'p99' | 'block', limit: number): Result => ({
      name: `scrape of ${series} series, ${what}`,
      unit: 'ms',
      value: ours[key],
      peer: { name: 'prom-client + express', value: theirs[key] },
      ...(series === 40_000 ? { budget: { at: 'most', limit } } : {}),
    });
    results.push(row('p50', 'p50', 10), row('p99', 'p99', 50), row('longest block of the event loop', 'block', 25));
  }
  return results;
}
