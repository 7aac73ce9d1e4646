import type { Text } from '../../../model/text.ts';
import { burnReasons } from '../../../model/reasons.ts';
import type { BurnStatus, PeriodStatus } from '../status/budget.ts';
import { joules, percent } from '../status/figure.ts';
import { both, list, say } from '../status/say.ts';
import type { SiteStatus } from '../status/site.ts';
import { burnWindows, periods, sentences, wordOf } from '../words.ts';
import { exact } from './exact.ts';
import { html, nothing, type Html } from './html.ts';
import { labels } from './labels.ts';
import { table } from './table.ts';

type Translate = (text: Text) => string;

function periodRow(row: PeriodStatus, t: Translate): Html {
  const cells = [
    [labels.spent, exact(row.spentJoules, joules, t)],
    [labels.allowed, exact(row.allowedJoules, joules, t)],
    [labels.left, exact(row.leftJoules, joules, t)],
    [labels.whole_left, exact(row.wholeLeftJoules, joules, t)],
    [labels.counted, exact(row.coverage, percent, t)],
  ] as const;
  return html`<tr>
    <th scope="row">${t(wordOf(periods, row.period))}</th>
    ${cells.map(([label, value]) => html`<td data-label="${t(label)}">${value}</td>`)}
  </tr>`;
}

function burnText({ window, ratio, reason }: BurnStatus): Text {
  const name = wordOf(burnWindows, window);
  const value =
    ratio !== null
      ? both(() => ratio.toFixed(2))
      : reason === null
        ? sentences.no_reading
        : wordOf(burnReasons, reason);
  return list([name, value], { zh: '：', en: ': ' });
}

/** The overhead budget of a site: words first, then the energies, how fast it is spent, and what the year's end leaves. */
export function budgetSection({ budget, name }: SiteStatus, t: Translate): Html {
  const { text, forecast, burns } = budget;
  const { low, mid, high } = forecast.leftJoules;
  const heads = [labels.period, labels.spent, labels.allowed, labels.left, labels.whole_left, labels.counted].map(t);
  const end =
    low === null || mid === null || high === null
      ? nothing
      : html`<br />${t(say(labels.year_end, { mid: joules(mid), low: joules(low), high: joules(high) }))}`;
  return html`<h3>${t(labels.budget)}</h3>
    <p class="sentence">${t(text)}</p>
    ${table(
      `${t(labels.budget)} ${t(name)}`,
      heads,
      budget.periods.map((row) => periodRow(row, t)),
      'stack',
    )}
    <p>${t(say(labels.burn, { burns: list(burns.map(burnText), { zh: '；', en: '; ' }) }))}${end}</p>
    <p class="note">${t(labels.budget_note)}</p>`;
}
