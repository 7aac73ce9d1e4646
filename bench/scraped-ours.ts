import { Board } from '../exporter/publish/exposition.ts';
import { startServer } from '../exporter/publish/server.ts';
import { loadPlan } from '../model/load.ts';
import type { Scraped } from './scraped.ts';
import { catalogue, emitAll, labelSets } from './series.ts';

/** The exporter's server and renderer. */
export async function scrapedOurs(series: number): Promise<Scraped> {
  const sets = labelSets(series);
  const server = await startServer({ plan: loadPlan('plan'), listen: '127.0.0.1:0' });
  const board = new Board({ catalogue, clock: { wall: () => Date.now() }, seriesBudget: 1e6 });
  const cycle = async (i: number): Promise<void> => {
    const open = board.begin();
    emitAll(open.emit, sets, i);
    server.publish(await open.finish(await server.appendix()));
  };
  return { url: server.url, cycle };
}
