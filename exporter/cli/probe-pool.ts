import { acceleratorOf } from '../../model/accelerator-of.ts';
import type { Plan } from '../../model/plan.ts';
import { poolEndpoints } from '../../model/pool-endpoints.ts';
import { rejections } from '../../model/reasons.ts';
import type { Pool } from '../../model/schema/estate.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import type { JudgedDevices } from '../judge/device/device.ts';
import { modelIndex } from '../judge/device/device-model.ts';
import { rowsOf } from '../judge/device/device-value.ts';
import { judgeDevices } from '../judge/device/devices.ts';
import { staleAfter } from '../meter-source.ts';
import { Gateways, openSamples } from '../read/index.ts';
import { Exit, exits } from './say.ts';

const words = {
  zh: { refused: '未采信', samples: '个样本', healthy: '健康', activity: '活跃度', clock: '时钟比' },
  en: { refused: 'refused', samples: 'samples', healthy: 'healthy', activity: 'activity', clock: 'clock ratio' },
} as const;

/** Reads each exporter of a pool once: its devices as they are judged, and what is not believed. */
export async function probePool(pool: Pool, plan: Plan): Promise<void> {
  const { telemetry } = pool;
  const family = telemetry && plan.families.get(telemetry.family);
  const accelerator = acceleratorOf(plan, pool);
  if (!telemetry || !family || !accelerator) {
    throw new Exit(exits.runtime, {
      zh: `资源池 ${pool.id} 没有声明 telemetry`,
      en: `pool ${pool.id} declares no telemetry`,
    });
  }
  const gateways = new Gateways();
  const failures: unknown[] = [];
  try {
    for (const { id, node, source } of poolEndpoints(pool)) {
      const reader = openSamples(source, new Set(rowsOf(family).keys()), gateways);
      try {
        const samples = await reader.read(AbortSignal.timeout(telemetry.source.timeout));
        console.log(`${id}: ${samples.length} ${words[terminalLanguage()].samples}`);
        const judged = judgeDevices(samples, {
          pool,
          family,
          families: plan.families.values(),
          accelerator,
          known: modelIndex(plan.accelerators.values()),
          received: Date.now(),
          maxAge: staleAfter(telemetry.every),
          timestamps: source.timestamps ?? family.timestamps,
        });
        show(judged);
      } catch (error) {
        // Of many nodes one may be down: the others are still worth a look.
        if (node === null) throw error;
        failures.push(error);
        console.log(`${id}: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        await reader.close();
      }
    }
  } finally {
    await gateways.close();
  }
  if (failures.length > 0) throw failures[0];
}

function show(judged: JudgedDevices): void {
  const word = words[terminalLanguage()];
  for (const { id, healthy, activity, tier, clockRatio, powerW, allocations } of judged.devices) {
    const pods = allocations.map(({ namespace, pod }) => `${namespace}/${pod}`).join(' ') || '-';
    console.log(
      `  ${id}  ${word.healthy} ${healthy}  ${word.activity} ${activity ?? '-'}  ${tier ?? '-'}  ${word.clock} ${clockRatio ?? '-'}  ${powerW ?? '-'} W  ${pods}`,
    );
  }
  for (const [model, count] of judged.unknownModels) console.log(`  ${word.refused}: ${count} × ${model}`);
  for (const [reason, count] of judged.rejected)
    console.log(`  ${word.refused}: ${reason} × ${count} (${rejections[reason][terminalLanguage()]})`);
  for (const { reason, what } of judged.refusals) console.log(`    ${reason}: ${what}`);
}
