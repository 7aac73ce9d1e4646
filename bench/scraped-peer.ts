import express from 'express';
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Scraped } from './scraped.ts';
import { families, labelSets, valueOf } from './series.ts';

/** prom-client behind express, as its README shows it. */
export async function scrapedPeer(series: number): Promise<Scraped> {
  const sets = labelSets(series);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = families.map(
    ({ name, help, labels }) => new Gauge({ name, help: help.en, labelNames: [...labels], registers: [registry] }),
  );
  const app = express();
  app.get('/metrics', async (_, response) => {
    response.set('Content-Type', registry.contentType).send(await registry.metrics());
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = app.listen(0, '127.0.0.1', () => {
    const address = server.address();
    resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  });
  const cycle = async (i: number): Promise<void> => {
    for (const gauge of gauges) sets.forEach((set, at) => gauge.set(set, valueOf(at, i)));
  };
  return { url: await promise, cycle };
}
