import * as catalogue from '../../../model/metrics/compute.ts';
import type { Emit } from '../../../model/metrics/metric.ts';
import { type JudgedDevices, PRECISION } from '../../judge/device/device.ts';
import type { Waterfall } from './waterfall.ts';

interface PoolLabels {
  readonly site: string;
  readonly pool: string;
  /** Id of the declared accelerator */
  readonly model: string;
}

/** Hands on a pool's waterfall, its devices by state and the models that count nothing; what is unknown is left out. */
export function emitCompute(
  emit: Emit,
  { site, pool, model }: PoolLabels,
  { nominal, telemetry }: Waterfall,
  judged: Pick<JudgedDevices, 'unknownModels'> | null,
): void {
  const pflops = (step: string, value: number | null, tier = 'none'): void => {
    if (value !== null) emit(catalogue.computePflops, { site, pool, precision: PRECISION, step, tier }, value);
  };
  pflops('nominal', nominal);
  for (const state of ['racked', 'healthy', 'allocated', 'busy'] as const) {
    const step = telemetry?.[state];
    if (!step) continue;
    pflops(state, step.pflops);
    emit(catalogue.devices, { site, pool, model, state }, step.accelerators);
  }
  for (const [tier, value] of telemetry?.delivered ?? []) pflops('delivered', value, tier);
  for (const [name, count] of judged?.unknownModels ?? []) {
    emit(catalogue.unknownAccelerator, { site, pool, model: name }, count);
  }
}
