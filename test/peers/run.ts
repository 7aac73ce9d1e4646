import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Truth } from '../../twin/truth.ts';
import { startTwin, type Twin } from '../../twin/twin.ts';
import { freePort, type ExporterProcess } from '../exporter-process.ts';
import { onFreePorts } from '../twin-scene.ts';
import { estate } from './estate.ts';
import type { Series } from './prometheus.ts';
import type { Stage } from './stage.ts';

/** A fault that the twin plays during the run. */
export interface Play {
  /** A meter, a pool, or pool/index. */
  readonly target: string;
  readonly fault: Readonly<Record<string, string | number>> & { readonly kind: string };
  /** How long it is held before it is released; 0: it ends by itself. */
  readonly seconds: number;
  /** true: it begins before the exporter's first reading */
  readonly early?: true;
}

/** What a scene brings into the run: devices at its site, and what befalls them. */
export interface Part {
  readonly site: string;
  readonly meters: readonly object[];
  readonly pools: readonly object[];
  readonly plays: readonly Play[];
}

/** A twin, an exporter and a Prometheus, on the system's clock: what was scraped between `from` and `to`, Unix ms. */
export interface Run {
  readonly twin: Twin;
  readonly exporter: ExporterProcess;
  readonly store: string;
  /** Just before the exporter was started. */
  readonly started: number;
  readonly from: number;
  readonly to: number;
  /** The twin's truth at an instant. */
  truth(at: number): Truth;
  /** Raw samples of the exporter's series. `selector` may be a bare matcher list: '{__name__=~"x"}'. */
  samples(selector: string): Promise<Series[]>;
  /** The one value of a selector at an instant; NaN where there is none. */
  valueAt(selector: string, at: number): Promise<number>;
}

/** Readings before the faults begin, and after the last one: what the slowest register needs to settle again. */
const BEFORE_MS = 6000;
const AFTER_MS = 18_000;
const PATIENCE_MS = 30_000;

async function play(twin: Twin, { target, fault, seconds }: Play): Promise<void> {
  const { id } = await twin.fault({ target, ...fault });
  await sleep(seconds * 1000);
  if (seconds > 0) await twin.release(id);
}

/** Plays all parts side by side and waits until the last fault is over. */
export async function record(stage: Stage, parts: readonly Part[]): Promise<Run> {
  const declaration = estate(
    [...new Set(parts.map(({ site }) => site))],
    parts.flatMap(({ meters }) => meters),
    parts.flatMap(({ pools }) => pools),
  );
  const plan = stage.plan(await onFreePorts(declaration));
  const twin = await startTwin({ plan, control: `127.0.0.1:${await freePort()}` });
  stage.ends.defer(() => twin.close());
  const plays = parts.flatMap((part) => part.plays);
  for (const one of plays.filter(({ early }) => early)) await play(twin, one);

  const started = Date.now();
  const store = `sqlite:${join(plan, 'ledger.db')}`;
  const exporter = await stage.exporter('run', plan, store);
  const labels = `job="greenflops",instance="${stage.instance('run')}"`;
  const inside = (selector: string) =>
    selector.includes('{') ? selector.replace('{', `{${labels},`) : `${selector}{${labels}}`;
  const meters = parts.reduce((sum, part) => sum + part.meters.length, 0);
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    const [seen] = await stage.prometheus.query(`count(${inside('greenflops_energy_joules_total')})`);
    if (Number(seen?.points[0]?.[1]) === meters) break;
    if (Date.now() > until) throw new Error(`Prometheus has not seen all ${meters} meters: ${seen?.points[0]?.[1]}`);
  }

  const from = Date.now();
  await sleep(BEFORE_MS);
  await Promise.all(plays.filter(({ early }) => !early).map((one) => play(twin, one)));
  await sleep(AFTER_MS);
  const to = Date.now();
  const truths = new Map<number, Truth>();
  return {
    twin,
    exporter,
    store,
    started,
    from,
    to,
    truth(at) {
      const known = truths.get(at) ?? twin.truth(at);
      truths.set(at, known);
      return known;
    },
    samples: (selector) => stage.prometheus.samples(inside(selector), from, to),
    async valueAt(selector, at) {
      const [only] = await stage.prometheus.query(inside(selector), at);
      return Number(only?.points[0]?.[1] ?? Number.NaN);
    },
  };
}
