import type { Emit } from '../model/metrics/metric.ts';
import type { Plan } from '../model/plan.ts';
import { isValid } from '../model/tree.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import { dropSources } from './drop-source.ts';
import type { Closure } from './account/closure/closure.ts';
import type { Instant } from './judge/meter/meter.ts';
import { MeterSource } from './meter-source.ts';
import { openPools } from './open-pools.ts';
import { openQueues } from './open-queues.ts';
import { openMeter, type Gateways } from './read/index.ts';
import { prometheusSamples } from './read/prometheus/prometheus-samples.ts';
import { remoteMetrics, RemoteSite } from './remote-site.ts';
import { Source, type Polled } from './source.ts';

/** Shows what is there now; `mono` tells what is too old to be shown. */
export type Show = (emit: Emit, mono: number) => void;

/** What is read on a timetable, and what is shown of it in each cycle. */
export interface Sources {
  readonly polled: readonly Polled[];
  readonly shows: readonly Show[];
  /** Writes down what is waiting to be told: to be called before the last commit. */
  readonly flushes: readonly ((now: Instant) => void)[];
}

/** What the sources of a declaration are opened with. */
export interface Opening {
  /** Ids of the sites whose devices are read */
  readonly sites: readonly string[];
  /** Ids of the sites whose sums are taken from their own Prometheus */
  readonly remote: readonly string[];
  readonly accountant: Accountant;
  readonly closure: Closure;
  readonly gateways: Gateways;
  /** Unix ms: what is in its declared life then */
  readonly at: number;
  /** Path of the ledger, which files are brought into */
  readonly ledger?: string;
}

/** Opens every meter, pool and Kueue of the sites, and the Prometheus of those that are remote. */
export function openSources(plan: Plan, opening: Opening): Sources {
  const { accountant, gateways, sites, remote, at, ledger } = opening;
  const pools = openPools(plan, opening);
  const queues = openQueues(plan, opening);
  const polled: Polled[] = [];
  const shows: Show[] = [];
  const flushes: ((now: Instant) => void)[] = [];
  const live = plan.estate.meters.filter((meter) => sites.includes(meter.site) && isValid(meter, at));
  if (ledger !== undefined)
    polled.push(...dropSources(live, { plan: plan.hash, ledger, note: (...told) => accountant.note(...told) }));
  for (const meter of live) {
    if (meter.source.protocol === 'calculated' || meter.source.protocol === 'file-drop') continue;
    const use = new MeterSource(meter, accountant);
    const spec = { site: meter.site, id: meter.id, everyMs: meter.every };
    polled.push(new Source(spec, openMeter(meter, gateways), use));
    flushes.push((now) => use.flush(now));
    shows.push((emit, mono) => use.emit(emit, mono));
  }
  for (const { id: site, prometheus } of plan.estate.sites) {
    if (!prometheus || !remote.includes(site)) continue;
    const { every, matchers, ...rest } = prometheus;
    const source = { ...rest, protocol: 'prometheus', matchers: { ...matchers, site } } as const;
    const use = new RemoteSite(site, every, accountant);
    const reader = prometheusSamples(source, new Set(remoteMetrics.keys()), gateways);
    polled.push(new Source({ site, id: 'prometheus', everyMs: every }, reader, use));
    shows.push((emit, mono) => use.emit(emit, mono));
  }
  return {
    polled: [...polled, ...pools.polled, ...queues.polled],
    shows: [...shows, ...pools.shows, ...queues.shows],
    flushes,
  };
}
