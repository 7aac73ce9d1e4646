import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Pool } from '../../../model/schema/estate.ts';
import type { Family } from '../../../model/schema/telemetry.ts';
import type { ExpositionSample } from '../../read/reader.ts';
import type { Device, JudgedDevices } from './device.ts';
import { checkFamily } from './device-family.ts';
import { type Heard, judgeDevice } from './device-judge.ts';
import { type Known, identifyModel } from './device-model.ts';
import { podLabels } from './device-pods.ts';
import { Refusals } from './device-refusals.ts';
import { type Timing, timeOf } from './device-time.ts';
import { isMeant, limitsOf, rowsOf } from './device-value.ts';

export interface DeviceContext extends Timing {
  readonly pool: Pool;
  readonly family: Family;
  /** All families, to name the right one where the declared one is wrong */
  readonly families: Iterable<Family>;
  /** What the pool declares */
  readonly accelerator: Accelerator;
  readonly known: Known;
}

/**
 * Turns one answer of a pool's accelerator exporter into devices that can be believed, and counts the rest by reason.
 * The order of the samples makes no difference.
 * @throws FamilyError where nothing in the answer is of the declared family
 */
export function judgeDevices(samples: readonly ExpositionSample[], context: DeviceContext): JudgedDevices {
  const { pool, family, accelerator, known } = context;
  checkFamily(samples, pool, family, context.families);
  const rows = rowsOf(family);
  const refusals = new Refusals();
  const read = samples.filter((sample) => {
    const row = rows.get(sample.name);
    return row !== undefined && isMeant(sample, row);
  });
  const bench = {
    family,
    accelerator,
    limits: limitsOf(accelerator),
    podLabels: podLabels(read, context),
    saysHealth: read.some(({ name }) => rows.get(name)?.quantity === 'health'),
    activities: [...rows.values()].filter(({ quantity }) => quantity === 'activity'),
    refusals,
  };

  const identityOf = identifier(read, family);
  const heard = new Map<string, Heard[]>();
  for (const sample of read) {
    const id = identityOf(sample);
    const row = rows.get(sample.name);
    if (id === null) refusals.refuse('no_identity', sample);
    const at = id === null ? null : timeOf(sample, context, refusals);
    if (id === null || at === null || !row) continue;
    const others = heard.get(id);
    if (others) others.push({ sample, row, at });
    else heard.set(id, [{ sample, row, at }]);
  }

  const devices: Device[] = [];
  const unknownModels = new Map<string, number>();
  let clamped = 0;
  for (const [id, told] of [...heard].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { name, model } = identifyModel(
      told.map(({ sample }) => sample),
      family,
      known,
      accelerator,
    );
    if (model?.id === accelerator.id) {
      const judged = judgeDevice(id, told, bench);
      devices.push(judged.device);
      clamped += judged.clamped;
    } else {
      unknownModels.set(name, (unknownModels.get(name) ?? 0) + 1);
      refusals.refuseAll(model ? 'wrong_model' : 'unknown_model', told.length, () => {
        const place = model ? `${model.id} in accelerators.yaml` : 'no reported_as in accelerators.yaml';
        return `${id} reports model ${JSON.stringify(name)}: ${place}; pool ${pool.id} declares ${accelerator.id}`;
      });
    }
  }
  return { devices, rejected: refusals.counts, refusals: refusals.evidence, unknownModels, clamped };
}

const isComplete = ({ labels }: ExpositionSample, names: readonly string[]): boolean =>
  names.every((name) => (labels[name] ?? '') !== '');

/**
 * How the samples of this text say whose they are: by the first combination of identity labels that all of them have,
 * so that a card which lacks a label on some lines stays one card. null: the sample does not say it.
 */
function identifier(
  samples: readonly ExpositionSample[],
  { identity }: Family,
): (sample: ExpositionSample) => string | null {
  const named = samples.filter((sample) => identity.some((names) => isComplete(sample, names)));
  const common = identity.find((names) => named.every((sample) => isComplete(sample, names)));
  const combinations = common ? [common] : identity;
  return (sample) => {
    const names = combinations.find((one) => isComplete(sample, one));
    return names?.map((name) => `${name}=${JSON.stringify(sample.labels[name])}`).join(',') ?? null;
  };
}
