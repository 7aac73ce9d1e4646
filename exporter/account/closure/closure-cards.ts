import type { Device } from '../../judge/device/device.ts';
import type { ExpositionSample } from '../../read/reader.ts';

/** Exporters name a card's place on its node in many ways: pci_bus_id, pcie_bus_info, pcieBus_number, bdf. */
const PLACE = /pci|bdf/i;
const NODE = /^(exported_)?(host_?name|node|node_?name|instance)$/i;
/** A slice's id that begins with its card's: MIG-GPU-<uuid>/3/0, <uuid>-1. Short serial numbers are no cards. */
const SLICE_OF_ID = /([0-9a-f][0-9a-f-]{15,})[/:_-]\d{1,2}(?:[/:_-]\d{1,2})?"/i;

/** Answers over which power is compared, and how often it must have changed: idle cards look alike in whole watts. */
const COMPARED_ANSWERS = 20;
const LEAST_CHANGES = 5;

/** How many places, each on its node, the samples name; null where one that names a place does not name its node. */
export function placesOf(samples: readonly ExpositionSample[]): number | null {
  const places = new Set<string>();
  for (const { labels } of samples) {
    const entries = Object.entries(labels).filter(([, value]) => value !== '');
    const place = entries.find(([label]) => PLACE.test(label))?.[1];
    if (place === undefined) continue;
    const node = entries.find(([label]) => NODE.test(label))?.[1];
    if (node === undefined) return null;
    places.add(`${node} ${place}`);
  }
  return places.size === 0 ? null : places.size;
}

/** How many cards the ids themselves name; null where no id has the form of a slice's. */
export function cardsById(devices: readonly Device[]): number | null {
  const cards = devices.map(({ id }) => SLICE_OF_ID.exec(id)?.[1]);
  return cards.every((card) => card === undefined) ? null : new Set(devices.map(({ id }, i) => cards[i] ?? id)).size;
}

/**
 * Counts cards by their power: what shows the same watts in each of twenty answers, in which they changed, is one card.
 */
export class RepeatedPower {
  #answers: ReadonlyMap<string, number | null>[] = [];
  #cards: number | null = null;

  observe(devices: readonly Device[]): void {
    this.#answers.push(new Map(devices.map(({ id, powerW }) => [id, powerW])));
    if (this.#answers.length < COMPARED_ANSWERS) return;
    const seen = new Set(
      devices.map(({ id }) => {
        const watts = this.#answers.map((answer) => answer.get(id) ?? null);
        const changes = watts.filter((value, i) => i > 0 && value !== watts[i - 1]).length;
        return watts.includes(null) || changes < LEAST_CHANGES ? id : watts.join(' ');
      }),
    );
    this.#cards = seen.size;
    this.#answers = [];
  }

  forget(): void {
    this.#answers = [];
    this.#cards = null;
  }

  /** null before twenty answers were compared */
  get cards(): number | null {
    return this.#cards;
  }
}
