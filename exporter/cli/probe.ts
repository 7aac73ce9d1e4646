import { Argument, Command } from 'commander';
import { rejections } from '../../model/reasons.ts';
import { poolEndpoints } from '../../model/pool-endpoints.ts';
import type { Plan } from '../../model/plan.ts';
import type { Meter } from '../../model/schema/meter.ts';
import type { Pool } from '../../model/schema/estate.ts';
import { judgeMeter } from '../judge/meter/meter.ts';
import { unread } from '../judge/meter/meter-state.ts';
import { judgeDevices } from '../judge/device/devices.ts';
import { modelIndex } from '../judge/device/device-model.ts';
import { staleAfter } from '../meter-source.ts';
import { Gateways, openMeter, openSamples } from '../read/index.ts';
import type { Raw } from '../read/reader.ts';
import { planOption, readPlan } from './plan-option.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { Exit, exits } from './say.ts';

const rawText = ({ value, wire }: Raw): string =>
  `${value === null ? 'no number' : value.d === 1n ? value.n : Number(value.n) / Number(value.d)}  [${wire}]`;

const words = {
  zh: { answered: '应答用时', beforeRatio: '，未乘互感器变比', refused: '未采信' },
  en: { answered: 'answered in', beforeRatio: ', before the current-transformer ratio', refused: 'refused' },
} as const;

async function probeMeter(meter: Meter): Promise<void> {
  const gateways = new Gateways();
  const reader = openMeter(meter, gateways);
  try {
    const { timeout } = meter.source as { timeout: number };
    const begun = performance.now();
    const answer = await reader.read(AbortSignal.timeout(timeout));
    const word = words[terminalLanguage()];
    console.log(`${meter.id}: ${word.answered} ${(performance.now() - begun).toFixed(1)} ms`);
    const { energy, tariffs = [], power, restart } = answer;
    const judged = judgeMeter(meter, unread, answer, { at: Date.now(), mono: performance.now() });
    if (energy) {
      console.log(`  energy  raw ${rawText(energy)}`);
      const { scale_to_wh: wh, scale_to_j: j } = meter.registers.energy ?? {};
      const scale = wh ?? j;
      if (energy.value && scale) {
        const units = (Number(energy.value.n) / Number(energy.value.d)) * (Number(scale.n) / Number(scale.d));
        console.log(`          ${wh ? `${units / 1000} kWh` : `${units} J`}${word.beforeRatio}`);
      }
    }
    for (const [i, tariff] of tariffs.entries()) console.log(`  energy ${i + 1} raw ${rawText(tariff)}`);
    if (restart) console.log(`  restart raw ${rawText(restart)}`);
    if (power)
      console.log(
        `  power   raw ${rawText(power)}\n          ${judged.watts === null ? word.refused : `${judged.watts} W`}`,
      );
    for (const reason of judged.rejected)
      console.log(`  ${word.refused}: ${reason} (${rejections[reason][terminalLanguage()]})`);
  } finally {
    await reader.close();
    await gateways.close();
  }
}

async function probePool(pool: Pool, plan: Plan): Promise<void> {
  const { telemetry } = pool;
  const family = telemetry && plan.families.get(telemetry.family);
  const accelerator = plan.accelerators.get(pool.accelerator);
  if (!telemetry || !family || !accelerator) {
    throw new Exit(exits.runtime, {
      zh: `资源池 ${pool.id} 没有声明 telemetry`,
      en: `pool ${pool.id} declares no telemetry`,
    });
  }
  const reader = openSamples(poolEndpoints(pool)[0]!.source, new Set(), new Gateways());
  try {
    const samples = await reader.read(AbortSignal.timeout(telemetry.source.timeout));
    console.log(`${pool.id}: ${samples.length} samples`);
    const judged = judgeDevices(samples, {
      pool,
      family,
      families: plan.families.values(),
      accelerator,
      known: modelIndex(plan.accelerators.values()),
      received: Date.now(),
      maxAge: staleAfter(telemetry.every),
      timestamps: telemetry.source.timestamps ?? family.timestamps,
    });
    for (const { id, healthy, activity, tier, clockRatio, powerW, allocations } of judged.devices) {
      const pods = allocations.map(({ namespace, pod }) => `${namespace}/${pod}`).join(' ') || '-';
      console.log(
        `  ${id}  healthy ${healthy}  activity ${activity ?? '-'}  ${tier ?? '-'}  clock ratio ${clockRatio ?? '-'}  ${powerW ?? '-'} W  ${pods}`,
      );
    }
    const { refused } = words[terminalLanguage()];
    for (const [model, count] of judged.unknownModels) console.log(`  ${refused}: unknown_model ${count} × ${model}`);
    for (const [reason, count] of judged.rejected)
      console.log(`  ${refused}: ${reason} × ${count} (${rejections[reason][terminalLanguage()]})`);
    for (const { reason, what } of judged.refusals) console.log(`    ${reason}: ${what}`);
  } finally {
    await reader.close();
  }
}

export const probe = new Command('probe')
  .description('read one source once, raw and scaled / 读取一个数据源一次')
  .addArgument(new Argument('<id>', 'a meter or a pool / 表或资源池'))
  .addOption(planOption())
  .action(async (id: string, { plan: dir }: { plan: string }) => {
    const plan = readPlan(dir);
    const meter = plan.estate.meters.find((one) => one.id === id);
    const pool = plan.estate.pools.find((one) => one.id === id);
    if (meter && meter.source.protocol !== 'calculated') await probeMeter(meter);
    else if (pool) await probePool(pool, plan);
    else {
      const known = [...plan.estate.meters, ...plan.estate.pools].map((one) => one.id).join(', ');
      throw new Exit(exits.runtime, {
        zh: `没有可读取的 "${id}"；已声明：${known}`,
        en: `nothing called "${id}" can be read; declared: ${known}`,
      });
    }
  });
