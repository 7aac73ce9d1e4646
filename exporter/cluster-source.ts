import type { Rejection } from '../model/reasons.ts';
import type { Accelerator } from '../model/schema/accelerators.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import { allocate } from './judge/allocation/allocate.ts';
import type { Device } from './judge/device/device.ts';
import type { Instant } from './judge/meter/meter.ts';
import { staleAfter } from './meter-source.ts';
import type { Allocations } from './read/allocation/allocations.ts';
import { resourcesOf } from './read/allocation/wanted.ts';
import type { ReadError } from './read/reader.ts';
import type { SourceUse } from './source.ts';

/** What a cluster says of who holds which chips: kept, and put beside what the exporters of its pools say. */
export class ClusterSource implements SourceUse<Allocations> {
  readonly #site: string;
  readonly #id: string;
  readonly #everyMs: number;
  readonly #accountant: Accountant;
  #last: { readonly answer: Allocations; readonly mono: number } | null = null;

  /** @param id of the source: its label and its name in events */
  constructor(site: string, id: string, everyMs: number, accountant: Accountant) {
    this.#site = site;
    this.#id = id;
    this.#everyMs = everyMs;
    this.#accountant = accountant;
  }

  answered(answer: Allocations, { mono }: Instant): ReadonlyMap<Rejection, number> {
    this.#last = { answer, mono };
    return answer.rejected;
  }

  resume(earlier: unknown): void {
    if (earlier instanceof ClusterSource) this.#last = earlier.#last;
  }

  failed({ failure, message }: ReadError, { at }: Instant, first: boolean): void {
    const event = { kind: 'silent', detail: { failure, message }, wire: '' } as const;
    if (first) this.#accountant.note(this.#site, this.#id, event, at);
  }

  back({ at }: Instant): void {
    this.#accountant.note(this.#site, this.#id, { kind: 'back', detail: {}, wire: '' }, at);
  }

  /** The devices with their holders; as they are where the cluster has been silent for too long. */
  hold(devices: readonly Device[], accelerator: Accelerator, mono: number): readonly Device[] {
    if (this.#last === null || mono - this.#last.mono > staleAfter(this.#everyMs)) return devices;
    return allocate(devices, this.#last.answer, resourcesOf(accelerator)).devices;
  }
}
