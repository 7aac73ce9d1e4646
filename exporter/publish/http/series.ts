import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { valueText } from '../text/sample-text.ts';
import { Slices } from '../text/slices.ts';
import type { Snapshot } from '../snapshot.ts';

/** About one write's worth, in characters. */
const CHUNK = 65_536;

/** The values stand as their exact digits: JSON numbers have no limit, readers that use doubles round by themselves. */
async function* seriesJson(snapshot: Snapshot): AsyncGenerator<string> {
  const slices = new Slices();
  let chunk = `{"at":${JSON.stringify(new Date(snapshot.at).toISOString())},"series":[`;
  let comma = '';
  for (const metric of snapshot.metrics) {
    for (const { labels, value } of snapshot.read(metric)) {
      chunk += `${comma}\n{"metric":"${metric.name}","labels":${JSON.stringify(labels)},"value":${valueText(value)}}`;
      comma = ',';
      await slices.breathe();
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = '';
    }
  }
  yield `${chunk}]}\n`;
}

/** Writes all samples as JSON, holding neither the event loop nor more of them than the client takes. */
export async function writeSeries(response: Response, snapshot: Snapshot): Promise<void> {
  response.type('json');
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(seriesJson(snapshot), response);
}
