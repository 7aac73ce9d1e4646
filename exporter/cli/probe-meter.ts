import { rejections } from '../../model/reasons.ts';
import type { Meter } from '../../model/schema/meter.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { judgeMeter } from '../judge/meter/meter.ts';
import { unread } from '../judge/meter/meter-state.ts';
import { Gateways, openMeter } from '../read/index.ts';
import type { Raw } from '../read/reader.ts';

/** A reader keeps its own limits; several requests and a sign-in may take longer than one of them. */
const PATIENCE_MS = 60_000;

const rawText = ({ value, wire }: Raw): string =>
  `${value === null ? words[terminalLanguage()].noNumber : value.d === 1n ? value.n : Number(value.n) / Number(value.d)}  [${wire}]`;

const words = {
  zh: { answered: '应答用时', noNumber: '非数值', beforeRatio: '，未乘互感器变比', refused: '未采信' },
  en: {
    answered: 'answered in',
    noNumber: 'no number',
    beforeRatio: ', before the current-transformer ratio',
    refused: 'refused',
  },
} as const;

/** Reads a meter once: what stood on the wire, what it comes to, and what of it is not believed. */
export async function probeMeter(meter: Meter): Promise<void> {
  const gateways = new Gateways();
  const reader = openMeter(meter, gateways);
  try {
    const begun = performance.now();
    const answer = await reader.read(AbortSignal.timeout(PATIENCE_MS));
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
