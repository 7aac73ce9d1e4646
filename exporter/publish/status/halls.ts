import { puePartialRatio, puePartialUnavailable } from '../../../model/metrics/pue.ts';
import type { Plan } from '../../../model/plan.ts';
import type { Text } from '../../../model/text.ts';
import { windows } from '../words.ts';
import type { Lookup } from './lookup.ts';

/** The partial PUE (pPUE) of a hall: for comparing halls, never for the site's target. */
export interface HallStatus {
  readonly id: string;
  readonly name: Text;
  readonly pue: readonly { readonly window: string; readonly ratio: number | null; readonly reason: string | null }[];
}

/** The declared halls of a site, each window with its ratio or with the reason why it has none. */
export const hallStatus = (lookup: Lookup, { estate }: Plan, site: string): HallStatus[] =>
  estate.halls
    .filter((hall) => hall.site === site)
    .map(({ id: hall, name }) => ({
      id: hall,
      name,
      pue: Object.keys(windows).map((window) => ({
        window,
        ratio: lookup.value(puePartialRatio, { site, hall, window }),
        reason: lookup.rows(puePartialUnavailable, { site, hall, window })[0]?.labels.reason ?? null,
      })),
    }));
