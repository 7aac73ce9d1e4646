import type { ClosureSuspect } from '../../../model/reasons.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Device } from '../../judge/device/device.ts';

/** What a pool's answer shows of its count and power. */
export interface PoolLook {
  readonly accelerator: Accelerator;
  /** Packages, as declared */
  readonly count: number;
  /** With powers above what the catalogue allows left in. */
  readonly devices: readonly Device[];
  /** Cards behind the devices where some sign tells them apart, null where none does */
  readonly cards: number | null;
}

/** A finding has figures for its event; false: there is evidence to the contrary; null: nothing can be told. */
export type Finding = Readonly<Record<string, number | string>> | false | null;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const wattsOf = (devices: readonly Device[]): number[] => devices.flatMap(({ powerW }) => powerW ?? []);
/** From a sleeping card to a short peak, as shares of TDP. */
const isPlausible = (watts: number, tdp: number): boolean => watts >= 0.05 * tdp && watts <= 1.2 * tdp;
const working = (devices: readonly Device[], least: number): Device[] =>
  devices.filter(({ activity }) => activity !== null && activity >= least);
const round = (value: number): number => Number(value.toPrecision(4));

/** TDP behind one id of an exporter, W; null: unknown, which is no suspicion. */
const tdpPerId = ({ tdp_w, dies_per_package }: Accelerator): number | null =>
  tdp_w === null ? null : tdp_w / dies_per_package;

function milliwattsAsWatts({ accelerator, devices }: PoolLook): Finding {
  const tdp = tdpPerId(accelerator);
  const powers = wattsOf(devices);
  if (tdp === null || powers.length === 0) return null;
  const watts = mean(powers);
  return watts > 2 * tdp && isPlausible(watts / 1000, tdp) && { mean_w: round(watts), tdp_w: tdp };
}

function wattsAsMilliwatts({ accelerator, devices }: PoolLook): Finding {
  const tdp = tdpPerId(accelerator);
  const powers = wattsOf(working(devices, 0.1));
  // Idle cards may sleep.
  if (tdp === null || powers.length === 0) return null;
  const watts = mean(powers);
  return watts < 0.5 * tdp && isPlausible(watts * 1000, tdp) && { mean_w: round(watts), tdp_w: tdp };
}

const isShared = ({ accelerator, count, devices, cards }: PoolLook): boolean =>
  cards !== null && cards < devices.length && cards <= count * accelerator.dies_per_package;

function slicesAsCards(look: PoolLook): Finding {
  const { accelerator, count, devices, cards } = look;
  const declared = count * accelerator.dies_per_package;
  if (devices.length <= declared) return devices.length > 0 ? false : null;
  if (cards === null) return null;
  return isShared(look) && { devices: devices.length, cards, declared };
}

function diesAsPackages(look: PoolLook): Finding {
  const { accelerator, count, devices } = look;
  const tdp = tdpPerId(accelerator);
  const powers = wattsOf(devices);
  if (tdp === null || powers.length === 0) return null;
  const figures = { devices: devices.length, declared: count, mean_w: round(mean(powers)), tdp_w: tdp };
  // Each die says what its package draws, so that the pool seems to draw it twice.
  if (accelerator.dies_per_package > 1) return mean(powers) > 1.2 * tdp && mean(powers) < 3 * tdp && figures;
  if (devices.length !== 2 * count || isShared(look)) return false;
  const busy = wattsOf(working(devices, 0.5));
  if (busy.length === 0) return null;
  // Twice the ids, and under load none draws more than half a package does.
  return isPlausible(mean(busy), tdp) && Math.max(...powers) <= 0.6 * tdp && figures;
}

/** What a pool can be suspected of, and by which evidence. */
export const poolSuspects: readonly (readonly [suspect: ClosureSuspect, judge: (look: PoolLook) => Finding])[] = [
  ['milliwatts_as_watts', milliwattsAsWatts],
  ['watts_as_milliwatts', wattsAsMilliwatts],
  ['slices_as_cards', slicesAsCards],
  ['dies_as_packages', diesAsPackages],
];
