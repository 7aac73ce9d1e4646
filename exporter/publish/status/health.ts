import { pueAllowanceMeanRatio } from '../../../model/metrics/budget.ts';
import { closureSuspect } from '../../../model/metrics/closure.ts';
import { computePflops, unknownAccelerator } from '../../../model/metrics/compute.ts';
import { meterInfo, poolInfo, siteInfo } from '../../../model/metrics/info.ts';
import { pueTargetRatio } from '../../../model/metrics/pue.ts';
import { droppedSeries, insecureBind, ledgerLastCommit, ledgerUp, reloadSuccess } from '../../../model/metrics/self.ts';
import { sourceFailures, sourceLastSuccess, sourceRefusing, sourceUp } from '../../../model/metrics/source.ts';
import { closureSuspects, rejections, type Rejection } from '../../../model/reasons.ts';
import type { Text } from '../../../model/text.ts';
import { failures as failureWords, sentences, wordOf } from '../words.ts';
import { figure, pflops, span, time } from './figure.ts';
import { nameIn, type Lookup } from './lookup.ts';
import { list, say } from './say.ts';

export interface SourceDown {
  readonly site: string;
  readonly source: string;
  /** The last answer, Unix ms; null: none since the exporter started */
  readonly lastAnswer: number | null;
  /** Failed reads since the exporter started, by cause, the most frequent first */
  readonly failures: readonly { readonly cause: string; readonly count: number }[];
  readonly text: Text;
}

export interface LedgerStatus {
  readonly up: boolean | null;
  /** Unix ms */
  readonly lastCommit: number | null;
  readonly text: Text;
}

/** A snapshot older than this is told to be old: cycles follow each other within seconds. */
const STALE_MS = 60_000;
/** Reasons that change only which time a sample is given: worth a count, no alarm. */
const NOTES: ReadonlySet<string> = new Set<Rejection>(['impossible_timestamp', 'ignored_timestamp']);
/** Reasons that are told with the model's name where it is known. */
const MODELS: ReadonlySet<string> = new Set<Rejection>(['unknown_model', 'wrong_model']);
const SEMICOLON: Text = { zh: '；', en: '; ' };

/** Meters and pools are the sources; both have names. */
function nameOf(lookup: Lookup, site: string, source: string): Text {
  // An exporter on each of a pool's nodes is pool/node.
  const [pool, part] = source.split('/');
  const labels =
    lookup.rows(meterInfo, { site, meter: source })[0]?.labels ??
    lookup.rows(poolInfo, { site, pool: pool ?? source })[0]?.labels;
  const name = nameIn(labels, source);
  return part === undefined || !labels ? name : { zh: `${name.zh}（${part}）`, en: `${name.en} (${part})` };
}

/** The sources that do not answer, since when and why. */
export function sourcesDown(lookup: Lookup, now: number): SourceDown[] {
  return lookup
    .rows(sourceUp)
    .filter(({ value }) => value === 0)
    .map(({ labels: { site, source } }) => {
      const success = lookup.value(sourceLastSuccess, { site, source });
      const lastAnswer = success === null ? null : success * 1000;
      const failures = lookup
        .rows(sourceFailures, { site, source })
        .map(({ labels: { failure }, value }) => ({ cause: failure, count: value }))
        .sort((a, b) => b.count - a.count);
      const name = nameOf(lookup, site, source);
      const causes = list(
        failures.map(({ cause, count }) =>
          say(sentences.cause, { cause: wordOf(failureWords, cause), count: figure(count) }),
        ),
      );
      const since =
        lastAnswer === null
          ? say(sentences.source_never, { name })
          : say(sentences.source_since, { name, at: time(lastAnswer, now) });
      const text = failures.length === 0 ? since : list([since, say(sentences.failures, { causes })], SEMICOLON);
      return { site, source, lastAnswer, failures, text };
    });
}

export function ledgerStatus(lookup: Lookup, now: number): LedgerStatus {
  const value = lookup.value(ledgerUp);
  const commit = lookup.value(ledgerLastCommit);
  const lastCommit = commit === null ? null : commit * 1000;
  const at = lastCommit === null ? sentences.no_reading : time(lastCommit, now);
  if (value === null) return { up: null, lastCommit, text: sentences.ledger_absent };
  return { up: value === 1, lastCommit, text: say(value === 1 ? sentences.ledger_up : sentences.ledger_down, { at }) };
}

/** The meters and pools whose last answer was not believed, each once, with the reasons. */
function refusals(lookup: Lookup): Text[] {
  const named = new Set(lookup.rows(unknownAccelerator).map(({ labels: { site, pool } }) => `${site}/${pool}`));
  const bySource = Map.groupBy(lookup.rows(sourceRefusing), ({ labels: { site, source } }) => `${site}/${source}`);
  return [...bySource].flatMap(([key, rows]) => {
    const alarming = rows.filter(
      ({ labels: { reason }, value }) => value > 0 && !NOTES.has(reason) && !(named.has(key) && MODELS.has(reason)),
    );
    const [first] = alarming;
    if (!first) return [];
    const { site, source } = first.labels;
    const reasons = alarming.map(({ labels: { reason } }) => wordOf(rejections, reason));
    return [say(sentences.refusing, { name: nameOf(lookup, site, source), reasons: list(reasons, SEMICOLON) })];
  });
}

/** Pools of which more is seen than is declared: a count that is out of date, or cards that are another pool's. */
function surplus(lookup: Lookup): Text[] {
  return lookup
    .rows(computePflops, { step: 'racked' })
    .flatMap(({ labels: { site, pool, precision }, value: racked }) => {
      const nominal = lookup.value(computePflops, { site, pool, precision, step: 'nominal' });
      // Both are a count times the same peak: half a card in a thousand is rounding.
      if (nominal === null || racked <= nominal * 1.0005) return [];
      const name = nameOf(lookup, site, pool);
      return [say(sentences.surplus, { name, racked: pflops(racked), nominal: pflops(nominal) })];
    });
}

/** What is suspected because energies do not close: of a pool, a meter, or the site as a whole. */
const suspicions = (lookup: Lookup): Text[] =>
  lookup.rows(closureSuspect).map(({ labels: { site, pool, meter, suspect } }) => {
    const source = pool || meter;
    const name = source ? nameOf(lookup, site, source) : nameIn(lookup.rows(siteInfo, { site })[0]?.labels, site);
    return say(sentences.closure_suspect, { name, cause: wordOf(closureSuspects, suspect) });
  });

/** Half a unit of the third decimal, the last one in which PUE is stated. */
const MEAN_TOLERANCE = 0.0005;

/** Months that allow more than the year has, by the IT energy that they really have. */
const allowanceMeans = (lookup: Lookup): Text[] =>
  lookup.rows(pueAllowanceMeanRatio).flatMap(({ labels: { site }, value: mean }) => {
    const target = lookup.value(pueTargetRatio, { site });
    if (target === null || mean <= target + MEAN_TOLERANCE) return [];
    const name = nameIn(lookup.rows(siteInfo, { site })[0]?.labels, site);
    return [say(sentences.allowance_mean, { name, mean: mean.toFixed(4), target: String(target) })];
  });

/** Everything that somebody has to look at; empty where all is well. */
export function warnings(
  lookup: Lookup,
  { at, now, down, ledger }: { at: number; now: number; down: readonly SourceDown[]; ledger: LedgerStatus },
): Text[] {
  const dropped = lookup.value(droppedSeries) ?? 0;
  return [
    ...(now - at > STALE_MS ? [say(sentences.stale, { span: span((now - at) / 1000) })] : []),
    ...(ledger.up === false ? [ledger.text] : []),
    ...down.map(({ text }) => text),
    ...refusals(lookup),
    ...lookup
      .rows(unknownAccelerator)
      .map(({ labels: { site, pool, model }, value }) =>
        say(sentences.unknown_model, { pool: nameOf(lookup, site, pool), model, count: figure(value) }),
      ),
    ...surplus(lookup),
    ...suspicions(lookup),
    ...allowanceMeans(lookup),
    ...(dropped > 0 ? [say(sentences.dropped, { count: figure(dropped) })] : []),
    ...(lookup.value(reloadSuccess) === 0 ? [sentences.reload_refused] : []),
    ...(lookup.value(insecureBind) === 1 ? [sentences.insecure] : []),
  ];
}
