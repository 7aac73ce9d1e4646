import {
  pueBridgedSeconds,
  pueCoverageRatio,
  pueCoveredSeconds,
  pueEnergyJoules,
  pueFirstTimestamp,
  pueImportedSeconds,
  pueManualSeconds,
  pueRatio,
  pueSubstitutedSeconds,
  pueTargetRatio,
  pueUnavailable,
  pueUncertaintyRatio,
} from '../../../model/metrics/pue.ts';
import { pueReasons } from '../../../model/reasons.ts';
import type { Text } from '../../../model/text.ts';
import { sentences, windows, wordOf } from '../words.ts';
import { ratio, span, time } from './figure.ts';
import type { Lookup } from './lookup.ts';
import { both, list, say } from './say.ts';

/** Facility and IT; null: no reading. */
export interface Sides {
  readonly facility: number | null;
  readonly it: number | null;
}

export interface PueStatus {
  readonly window: string;
  readonly ratio: number | null;
  /** Half width of the band that the meters' accuracy classes give, k = 2; null where a meter declares none */
  readonly uncertainty: number | null;
  readonly kind: string | null;
  readonly category: string | null;
  readonly edition: string | null;
  /** Metered share of the window, 0-1 */
  readonly coverage: number | null;
  readonly energyJoules: Sides;
  readonly coveredSeconds: Sides;
  readonly bridgedSeconds: Sides;
  /** Of the covered seconds, those that a hand reading or a bill closed */
  readonly manualSeconds: Sides;
  /** Of the covered seconds, those that were imported and not read live */
  readonly importedSeconds: Sides;
  /** Of the covered seconds, those in which a meter's backup stood in: calculated, not measured */
  readonly substitutedSeconds: Sides;
  /** Why there is no ratio; null where there is one, and where nothing was counted yet. */
  readonly reason: string | null;
  /** The earliest time of the first one, Unix ms; null where it is not known. */
  readonly firstAt: number | null;
  readonly text: Text;
}

/** The side that has more of it speaks for the window. */
const most = ({ facility, it }: Sides): number => Math.max(facility ?? 0, it ?? 0);

/** How time that enters a PUE is known, where no meter was read live. */
const shares = {
  bridgedSeconds: sentences.bridged,
  manualSeconds: sentences.manual,
  importedSeconds: sentences.imported,
  substitutedSeconds: sentences.substituted,
} as const satisfies Partial<Record<keyof PueStatus, Text>>;
type Shares = Pick<PueStatus, keyof typeof shares>;

/** What of a window was not read live: bridged across gaps, closed by hand, imported, or calculated from a backup. */
export const notLive = (seconds: Shares): Text[] =>
  (Object.keys(shares) as (keyof Shares)[])
    .map((share) => [shares[share], most(seconds[share])] as const)
    .filter(([, total]) => total > 0)
    .map(([words, total]) => say(words, { span: span(total) }));

/** An uncertainty is rounded up (JCGM 100:2008, 7.2.6), and so is never shown as none. */
export const band = (uncertainty: number): string => ratio(Math.ceil(uncertainty * 1000) / 1000);

function ratioText(
  value: number,
  uncertainty: number | null,
  target: number | null,
  kind: string,
  rest: readonly Text[],
): Text {
  const parts: Text[] = [both(() => (uncertainty === null ? ratio(value) : `${ratio(value)} ± ${band(uncertainty)}`))];
  if (target !== null) {
    const against = value <= target ? sentences.pue_within : sentences.pue_above;
    parts.push(say(against, { target: String(target) }));
  }
  if (kind !== 'annual') parts.push(sentences.pue_interim);
  if (rest.length > 0) parts.push(say(sentences.pue_of_it, { parts: list(rest) }));
  return list(parts);
}

/** What a young ledger waits for: ytd and 12mo begin when metering does, the others have a fixed length. */
const waits: Readonly<Record<string, Text>> = {
  '1h': sentences.pue_first_hour,
  ytd: sentences.pue_from_first_hour,
  '12mo': sentences.pue_from_first_hour,
};

function absentText(window: string, reason: string | null, firstAt: number | null, now: number): Text {
  if (reason === null) return sentences.no_reading;
  if (firstAt === null) return wordOf(pueReasons, reason);
  return say(waits[window] ?? sentences.pue_first, { at: time(firstAt, now) });
}

/** The PUE of one site by window, each with its ratio or with the reason why it has none. */
export function pueStatus(lookup: Lookup, site: string, now: number): PueStatus[] {
  const target = lookup.value(pueTargetRatio, { site });
  return Object.keys(windows).map((window) => {
    const [published] = lookup.rows(pueRatio, { site, window });
    const reason = lookup.rows(pueUnavailable, { site, window })[0]?.labels.reason ?? null;
    const first = lookup.value(pueFirstTimestamp, { site, window });
    const firstAt = first === null ? null : first * 1000;
    const sides = (metric: typeof pueEnergyJoules): Sides => ({
      facility: lookup.value(metric, { site, window, side: 'facility' }),
      it: lookup.value(metric, { site, window, side: 'it' }),
    });
    const seconds: Shares = {
      bridgedSeconds: sides(pueBridgedSeconds),
      manualSeconds: sides(pueManualSeconds),
      importedSeconds: sides(pueImportedSeconds),
      substitutedSeconds: sides(pueSubstitutedSeconds),
    };
    const uncertainty = lookup.value(pueUncertaintyRatio, { site, window });
    return {
      window,
      ratio: published?.value ?? null,
      uncertainty,
      kind: published?.labels.kind ?? null,
      category: published?.labels.category ?? null,
      edition: published?.labels.edition ?? null,
      coverage: lookup.value(pueCoverageRatio, { site, window }),
      energyJoules: sides(pueEnergyJoules),
      coveredSeconds: sides(pueCoveredSeconds),
      ...seconds,
      reason,
      firstAt,
      text: published
        ? ratioText(published.value, uncertainty, target, published.labels.kind, notLive(seconds))
        : absentText(window, reason, firstAt, now),
    };
  });
}

/** One sentence about a site's PUE: the longest window that has one, else why the shortest has none. */
export function pueSentence(pue: readonly PueStatus[]): Text {
  const best = pue.findLast(({ ratio: value }) => value !== null);
  if (best) return say(sentences.pue_is, { window: wordOf(windows, best.window), text: best.text });
  return say(sentences.pue_none, { text: pue[0]?.text ?? sentences.no_reading });
}
