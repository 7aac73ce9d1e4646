import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Closure } from '../../../exporter/account/closure/closure.ts';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import type { MeterEvent } from '../../../exporter/judge/meter/meter.ts';
import { loadPlan } from '../../../model/load.ts';
import type { Sample } from '../../../model/metrics/metric.ts';
import type { Plan } from '../../../model/plan.ts';
import { planFolder } from '../../plan-folder.ts';

export const END = Date.parse('2026-11-24T12:00:00+08:00');

/** A meter of a made-up site: what it is, and what it read in each of the last 24 hours, kWh. */
export interface MadeMeter {
  readonly id: string;
  readonly fields: string;
  readonly kwh: number;
}

const meterText = ({ id, fields }: MadeMeter): string =>
  `  - { id: ${id}, site: s, rated_kw: 100000, accuracy_class: 0.5, ${fields}, source: { protocol: modbus-tcp, address: "127.0.0.1:502" }, registers: { energy: { function: 3, address: 0, type: int64, scale_to_wh: 1, modulus: none } } }`;

export const estateOf = (meters: readonly MadeMeter[], pools = ''): string => `schema: greenflops/v1
sites: [{ id: s, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 1000 }]
clusters: [{ id: c, site: s, context: c, jurisdiction: jiangxi, data_classes: [general] }]
meters:
${meters.map(meterText).join('\n')}
pools: [${pools}]
`;

/** The shipped declaration with an estate of its own, and, where given, more telemetry families. */
export function planOf(estate: string, telemetry?: string): Plan {
  const { dir, remove } = planFolder(estate);
  try {
    if (telemetry !== undefined) writeFileSync(join(dir, 'telemetry.yaml'), telemetry);
    return loadPlan(dir);
  } finally {
    remove();
  }
}

/** A closure over a ledger whose hours a test writes, with what it noted and emitted. */
export function closureOn(plan: Plan) {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
  const ledger = new Ledger(join(folder, 'ledger.db'));
  const events: (MeterEvent & { readonly site: string; readonly source: string })[] = [];
  const closure = new Closure({
    plan,
    sites: ['s'],
    book: new HourBook(ledger.database),
    note: (site, source, event) => void events.push({ ...event, site, source }),
  });
  return {
    closure,
    events,
    /** Hours of the day before `end`, the last row at its end; `lost` of them were not metered. */
    write(meters: readonly MadeMeter[], end = END, lost = 0): void {
      const hour = ledger.database.prepare(
        'INSERT OR REPLACE INTO hour (meter, hour, joules, millijoules, metered_ms, declaration) VALUES (?, ?, ?, 0, ?, 1)',
      );
      const exception = ledger.database.prepare('INSERT OR REPLACE INTO exception (meter, hour) VALUES (?, ?)');
      ledger.database.exec('BEGIN');
      for (const { id, kwh } of meters) {
        for (let i = 0; i <= 24; i++) {
          const at = end - (25 - i) * HOUR;
          hour.run(id, at, BigInt(Math.round(kwh * 3_600_000)) * BigInt(i), BigInt(Math.max(0, i - lost) * HOUR));
          if (i > 0 && i <= lost) exception.run(id, at);
        }
      }
      ledger.database.exec('COMMIT');
    },
    samples(): Sample[] {
      const samples: Sample[] = [];
      closure.emit((metric, labels, value) => void samples.push({ metric, labels, value }));
      return samples;
    },
    ratio(level: string): number | undefined {
      const found = this.samples().find(({ labels }) => labels['level'] === level)?.value;
      return typeof found === 'number' ? found : undefined;
    },
    /** 'suspect' or 'suspect of meter' of what is suspected. */
    suspects(): string[] {
      return this.samples().flatMap(({ labels: { suspect, meter, pool } }) =>
        suspect === undefined ? [] : [suspect + (meter || pool ? ` of ${meter || pool}` : '')],
      );
    },
    close(): void {
      ledger.close();
      rmSync(folder, { recursive: true });
    },
  };
}
