import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tflopsAt } from '../../../exporter/account/compute/compute-rate.ts';
import { holders } from '../../../exporter/account/compute/compute-holder.ts';
import { waterfall, type Waterfall } from '../../../exporter/account/compute/waterfall.ts';
import type { JudgedDevices } from '../../../exporter/judge/device/device.ts';
import { modelIndex } from '../../../exporter/judge/device/device-model.ts';
import { judgeDevices } from '../../../exporter/judge/device/devices.ts';
import { parseExposition } from '../../../exporter/read/exposition/exposition.ts';
import { loadPlan } from '../../../model/load.ts';
import type { Plan } from '../../../model/plan.ts';
import { accelerators, type Accelerator } from '../../../model/schema/accelerators.ts';
import { poolOf, RECEIVED } from '../device-rows.ts';

export const shipped = loadPlan(join(import.meta.dirname, '../../../plan'));

/** Vendors without a known dense peak: round figures of ours, so that their text can be followed to PFlops. */
const invented: readonly Accelerator[] = accelerators.parse({
  schema: 'greenflops/v1',
  accelerators: [
    { id: 'test-t20', reported_as: ['Enflame T20'], peak_tflops: { fp16: 128 } },
    { id: 'test-bi150', reported_as: ['Iluvatar BI-V150'], peak_tflops: { fp16: 200 } },
  ].map((row) => ({
    ...row,
    vendor: 'test',
    name: { zh: row.id, en: row.id },
    clock_ref_mhz: null,
    tdp_w: 300,
    resources: {},
    source: 'invented for a test',
    confidence: 'memory',
  })),
}).accelerators;

export interface Judged extends JudgedDevices {
  readonly waterfall: Waterfall;
  /** Device id -> TFLOPS, null where its activity is unknown */
  readonly tflops: ReadonlyMap<string, number | null>;
}

/** To twelve digits: MIG's shares are sevenths, and a factor of 0.01 is no binary fraction. */
export const near = (value: number | null | undefined): number | null | undefined =>
  typeof value === 'number' ? Number(value.toPrecision(12)) : value;

export const textOf = (name: string): string => readFileSync(join(import.meta.dirname, 'text', `${name}.prom`), 'utf8');

/** What becomes of exposition text by a plan's rows: devices, and the pool's waterfall. */
export function judgeText(text: string, familyId: string, acceleratorId: string, plan: Plan = shipped): Judged {
  const rows = [...plan.accelerators.values(), ...invented];
  const accelerator = rows.find(({ id }) => id === acceleratorId);
  const family = plan.families.get(familyId);
  if (!accelerator || !family) throw new Error(`no row ${acceleratorId} or ${familyId}`);
  const pool = poolOf(acceleratorId, familyId, 8);
  const judged = judgeDevices(parseExposition(text, { format: 'text', whole: true }), {
    pool,
    family,
    families: plan.families.values(),
    accelerator,
    known: modelIndex(rows),
    received: RECEIVED,
    maxAge: 300_000,
    timestamps: family.timestamps,
  });
  return {
    ...judged,
    waterfall: waterfall(pool, accelerator, judged, holders(plan.estate.tenants)),
    tflops: new Map(judged.devices.map((device) => [device.id, tflopsAt(device, device.activity)])),
  };
}
