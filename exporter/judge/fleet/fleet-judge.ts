import type { Rejection } from '../../../model/reasons.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Family } from '../../../model/schema/telemetry.ts';
import type { QuerySample } from '../../read/prometheus/prometheus-answer.ts';
import type { Tier } from '../device/device.ts';
import type { Known } from '../device/device-model.ts';
import type { FleetQuery } from './fleet-queries.ts';
import type { FleetAnswer } from './open-fleet.ts';

/** So many devices, and what they make when parts of them are added up. */
export interface Amount {
  /** Whole ones of which any part is meant */
  readonly devices: number;
  /** Sum of the parts */
  readonly share: number;
}

/** Work of devices by evidence: activity x clock / reference clock, in devices at their peak. */
export interface FleetWork {
  readonly tier: Tier;
  /** Of all devices of this tier */
  readonly all: number;
  /** Namespace -> of the parts that its pods hold, on healthy devices */
  readonly held: ReadonlyMap<string, number>;
}

/** A fleet as its server adds it up, of the declared model alone. */
export interface FleetJudgement {
  /** Devices (ids) */
  readonly racked: number;
  readonly healthy: number;
  readonly allocated: Amount;
  /** Namespace -> what its pods hold; a device that two namespaces share is one of each */
  readonly namespaces: ReadonlyMap<string, Amount>;
  /** null: no allocated device says how active it is */
  readonly busy: Amount | null;
  /** Means over one interval; no row for a tier that no device has */
  readonly work: readonly FleetWork[];
  /** Of all devices, each once, W; null: none says it */
  readonly powerW: number | null;
  /** Activity figures that were cut down to 1 */
  readonly clamped: number;
  /** Reported name -> devices of another or unknown model, 'unnamed' without a name */
  readonly unknownModels: ReadonlyMap<string, number>;
  /** Samples (of other models: devices) that were not believed, by reason */
  readonly rejected: ReadonlyMap<Rejection, number>;
}

/** Puts a server's sums together. @param known finds the catalogue's row for a reported name */
export function judgeFleet(
  { look, answers }: FleetAnswer,
  family: Family,
  accelerator: Accelerator,
  known: Known,
): FleetJudgement {
  const of = (about: FleetQuery['about']): readonly QuerySample[] =>
    answers.flatMap(({ query, samples }) => (query.about === about ? samples : []));
  const total = (about: FleetQuery['about']): number => sum(of(about).map(valueOf));
  const byNamespace = (samples: readonly QuerySample[]): Map<string, number> => {
    const { namespace } = look.facts;
    const sums = new Map<string, number>();
    for (const sample of samples) {
      const name = namespace === null ? '' : (sample.labels[namespace] ?? '');
      sums.set(name, (sums.get(name) ?? 0) + valueOf(sample));
    }
    return sums;
  };

  const counts = byNamespace(of('allocated'));
  const asked = (about: FleetQuery['about']): boolean => answers.some(({ query }) => query.about === about);
  const shares = asked('allocated_share') ? byNamespace(of('allocated_share')) : counts;
  const namespaces = new Map(
    [...counts].map(([name, devices]) => [name, { devices, share: shares.get(name) ?? devices }] as const),
  );
  const share = sum([...shares.values()]);
  const allocated = { devices: asked('allocated_devices') ? total('allocated_devices') : share, share };
  const busy = total('busy_devices');
  const work = workOf(answers, byNamespace);
  const measured = allocated.devices === 0 || work.some(({ held }) => held.size > 0);
  const { unknownModels, rejected } = othersOf(of('models'), family, accelerator, known);
  return {
    racked: total('devices'),
    healthy: total('healthy'),
    allocated,
    namespaces,
    busy: measured ? { devices: busy, share: asked('busy_share') ? total('busy_share') : busy } : null,
    work,
    powerW: of('power').length === 0 ? null : total('power'),
    clamped: total('clamped'),
    unknownModels,
    rejected: new Map([...look.rejected, ...rejected]),
  };
}

const valueOf = ({ text }: QuerySample): number => Number(text);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function workOf(
  answers: FleetAnswer['answers'],
  byNamespace: (samples: readonly QuerySample[]) => Map<string, number>,
): FleetWork[] {
  const byTier = Map.groupBy(answers, ({ query }) => query.tier);
  return [...byTier].flatMap(([tier, group]) => {
    const of = (about: FleetQuery['about']): QuerySample[] =>
      group.flatMap(({ query, samples }) => (query.about === about ? samples : []));
    const split = byNamespace(of('split_work'));
    const all = [...of('work'), ...of('split_work')];
    if (tier === undefined || all.length === 0) return [];
    // Of split work the part without a namespace is nobody's.
    split.delete('');
    return [{ tier, all: sum(all.map(valueOf)), held: new Map([...split, ...byNamespace(of('held_work'))]) }];
  });
}

function othersOf(
  samples: readonly QuerySample[],
  family: Family,
  accelerator: Accelerator,
  known: Known,
): { unknownModels: Map<string, number>; rejected: Map<Rejection, number> } {
  const unknownModels = new Map<string, number>();
  const rejected = new Map<Rejection, number>();
  for (const sample of samples) {
    const name = family.model.map((label) => sample.labels[label] ?? '').find((value) => value !== '');
    const model = name === undefined ? undefined : known(name);
    const isOwn = name === undefined ? family.unnamed === 'declared' : model?.id === accelerator.id;
    if (isOwn) continue;
    const devices = valueOf(sample);
    const reason = model ? 'wrong_model' : 'unknown_model';
    unknownModels.set(name ?? 'unnamed', (unknownModels.get(name ?? 'unnamed') ?? 0) + devices);
    rejected.set(reason, (rejected.get(reason) ?? 0) + devices);
  }
  return { unknownModels, rejected };
}
