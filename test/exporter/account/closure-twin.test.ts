import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closure } from '../../../exporter/account/closure/closure.ts';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { modelIndex } from '../../../exporter/judge/device/device-model.ts';
import { judgeDevices } from '../../../exporter/judge/device/devices.ts';
import { parseExposition } from '../../../exporter/read/exposition/exposition.ts';
import { closureUnexplained } from '../../../model/metrics/closure.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import { smallEstate, twinScene, type TwinScene } from '../../twin-scene.ts';
import { finish } from './finish.ts';

const START = Date.parse('2026-11-24T08:00:00+08:00');
const DAY = 24 * HOUR;
const EVERY = 300_000;
const POWER = /^(?:DCGM_FI_DEV_POWER_USAGE|npu_chip_info_power)\{.*\} ([\d.]+)/gm;

let scene: TwinScene;
beforeAll(async () => {
  scene = await twinScene(smallEstate('5m'), START);
});
afterAll(() => scene.close());

test('a day of a healthy site, MIG in its last hour: each level as the twin has it, and nothing is suspected', async () => {
  const { twin, plan, time } = scene;
  const database = new DatabaseSync(scene.ledger, { readOnly: true });
  const events: unknown[] = [];
  const book = new HourBook(database);
  const closure = new Closure({ plan, sites: ['s'], book, note: (...event) => void events.push(event) });
  const known = modelIndex(plan.accelerators.values());

  /** Reads every pool; what all cards draw by the text itself, each card once. */
  async function read(): Promise<number> {
    let watts = 0;
    for (const pool of plan.estate.pools) {
      const { family: name, source } = pool.telemetry ?? {};
      const family = plan.families.get(name ?? '');
      const accelerator = plan.accelerators.get(pool.accelerator);
      if (!source || !family || !accelerator) throw new Error(`pool ${pool.id} is not whole`);
      const text = await (await fetch(source.url ?? '')).text();
      const lines = [...text.matchAll(POWER)].map(([line, value]) => [
        /(?:UUID|vdie_id)="([^"]+)"/.exec(line)?.[1],
        value,
      ]);
      watts += [...new Map(lines.map(([card, value]) => [card, Number(value)])).values()].reduce((a, b) => a + b, 0);
      const samples = parseExposition(text, { format: 'text', whole: true });
      const families = plan.families.values();
      const judgedAs = (as: Accelerator) =>
        judgeDevices(samples, {
          pool,
          family,
          families,
          accelerator: as,
          known,
          received: time.now,
          maxAge: 3 * EVERY,
          timestamps: 'honor',
        });
      const now = { at: time.now, mono: time.now - START };
      closure.observe({ site: 's', pool: pool.id, judged: judgedAs(accelerator), samples, judgedAs }, now);
    }
    return watts;
  }

  await scene.beat();
  const drawn: number[] = [await read()];
  for (let beat = 1; beat <= DAY / EVERY + 1; beat++) {
    if (beat === (DAY - HOUR) / EVERY) await twin.fault({ target: 'a800', kind: 'mig' });
    await scene.step(EVERY);
    drawn.push(await read());
  }
  book.refresh();
  finish(closure.count(time.now, -Infinity));
  const ratios = new Map<string, number>();
  closure.emit((metric, labels, value) => {
    expect(metric.name, JSON.stringify(labels)).toBe(closureUnexplained.name);
    if (typeof value === 'number') ratios.set(Object.values(labels)[1] ?? '', value);
  });
  database.close();

  const end = START + DAY;
  const used = (meter: string, from: number) =>
    (twin.truth(end).meters[meter]?.joules ?? Number.NaN) - (twin.truth(from).meters[meter]?.joules ?? Number.NaN);
  const facility = used('gate', START) + used('pv', START);
  expect(ratios.get('boundary')).toBeCloseTo(1 - (used('ups', START) + used('chiller', START)) / facility, 2);
  expect(ratios.get('boundary')).toBeGreaterThan(0);
  const hour = drawn.slice((DAY - HOUR) / EVERY, DAY / EVERY + 1);
  const mean = hour.reduce((sum, watts) => sum + watts, 0) / hour.length;
  expect(ratios.get('it')).toBeCloseTo(1 - mean / (used('ups', end - HOUR) / 3600), 2);
  expect(ratios.get('it')).toBeGreaterThan(0.1);
  expect(events).toEqual([]);
}, 60_000);
