import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { openLedger, readLedger } from '../../../exporter/account/ledger/open-ledger.ts';
import { dropSources } from '../../../exporter/drop-source.ts';
import type { MeterEvent } from '../../../exporter/judge/meter/meter.ts';
import type { Sample } from '../../../model/metrics/metric.ts';
import { meter as meterSchema, type Meter } from '../../../model/schema/meter.ts';

export const NOW = Date.parse('2026-11-24T12:00:00+08:00');
export const KWH = 3_600_000_000n;

/** A meter whose files are put into a folder. */
export const dropMeter = (id: string, folder: string, source: object = {}, rest: object = {}): Meter =>
  meterSchema.parse({
    id,
    site: 's',
    role: 'it',
    rated_kw: 500,
    every: '5m',
    source: { protocol: 'file-drop', folder, ...source },
    ...rest,
  });

/** A ledger, a folder beside it, and the source that takes files from the one into the other. */
export function dropScene() {
  const base = mkdtempSync(join(tmpdir(), 'greenflops-drop-'));
  const [folder, ledger] = [join(base, 'drop'), join(base, 'ledger.db')];
  mkdirSync(folder);
  const { database, close } = openLedger(ledger);
  const noted: { source: string; event: MeterEvent }[] = [];
  let [mono, later] = [0, 0];
  const clock = { wall: () => NOW + later, mono: () => (mono += 1) };
  return {
    folder,
    ledger,
    database,
    clock,
    /** Time goes by, ms. */
    wait: (ms: number) => void (later += ms),
    noted,
    put: (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text),
    open: (...meters: Meter[]) => {
      const sources = dropSources(meters, {
        plan: 'plan',
        ledger,
        note: (_, source, event) => void noted.push({ source, event }),
      });
      const [source] = sources;
      if (source === undefined || sources.length > 1) throw new Error(`${sources.length} folders`);
      return source;
    },
    events: () =>
      database
        .prepare('SELECT source, kind, detail FROM event ORDER BY id')
        .all()
        .map(({ source, kind, detail }) => ({
          source,
          kind,
          detail: JSON.parse(String(detail)) as Record<string, unknown>,
        })),
    /** Millijoules of a meter in the ledger, read as another process would. */
    energy: (meter: string, to = NOW): bigint => {
      const other = readLedger(ledger);
      try {
        return new HourBook(other).at(meter, to).millijoules;
      } finally {
        other.close();
      }
    },
    remove: () => {
      close();
      rmSync(base, { recursive: true });
    },
  };
}
export type DropScene = ReturnType<typeof dropScene>;

/** What a source shows, as 'name{a,b}': value. */
export function shownBy(source: {
  emit: (emit: (...of: [Sample['metric'], Sample['labels'], Sample['value']]) => void) => void;
}) {
  const shown: Record<string, unknown> = {};
  source.emit((metric, labels, value) => {
    shown[`${metric.name.replace('greenflops_', '')}{${Object.values(labels).join(',')}}`] = value;
  });
  return shown;
}
