import type { Text } from '../../../model/text.ts';
import { joules, percent, pflopHours, figure, ratio, watts } from '../status/figure.ts';
import { band, notLive, type PueStatus } from '../status/pue.ts';
import { list, say } from '../status/say.ts';
import type { PoolStatus, StepStatus, WorkStatus } from '../status/pools.ts';
import type { SiteStatus } from '../status/site.ts';
import { steps as stepWords, tiers, windows, wordOf } from '../words.ts';
import { budgetSection } from './budget-section.ts';
import { exact } from './exact.ts';
import { hallSection } from './hall-section.ts';
import { html, nothing, type Html } from './html.ts';
import { labels } from './labels.ts';
import { table } from './table.ts';

type Translate = (text: Text) => string;

function pueRow(pue: PueStatus, t: Translate): Html {
  const head = html`<th scope="row">${t(wordOf(windows, pue.window))}</th>`;
  if (pue.ratio === null) {
    const covered =
      pue.coverage === null
        ? nothing
        : html`<td data-label="${t(labels.coverage)}">${exact(pue.coverage, percent, t)}</td>
            <td data-label="${t(labels.not_live)}">–</td>`;
    return html`<tr>
      ${head}
      <td colspan="${pue.coverage === null ? 3 : 1}" class="words">${t(pue.text)}</td>
      ${covered}
    </tr>`;
  }
  const rest = notLive(pue);
  return html`<tr>
    ${head}
    <td data-label="${t(labels.value)}">
      ${exact(pue.ratio, ratio, t)}${pue.uncertainty === null ? nothing : html` ± ${exact(pue.uncertainty, band, t)}`}
      <small>${t(pue.kind === 'annual' ? labels.annual : labels.interim)}</small>
    </td>
    <td data-label="${t(labels.coverage)}">${exact(pue.coverage, percent, t)}</td>
    <td data-label="${t(labels.not_live)}">${rest.length === 0 ? '–' : t(list(rest))}</td>
  </tr>`;
}

function pueNote({ pueTarget, pue }: SiteStatus): Text {
  const target = pueTarget === null ? labels.unstated : String(pueTarget);
  const counted = pue.find(({ edition }) => edition !== null);
  if (!counted) return say(labels.pue_note_short, { target });
  const { category, edition } = counted;
  const note = say(labels.pue_note, { target, category: category || labels.unstated, edition: edition ?? '' });
  const banded = pue.some(({ uncertainty }) => uncertainty !== null);
  return list([note, ...(banded ? [labels.band_note] : [])], { zh: '', en: ' ' });
}

function stepRow({ step, tier, pflops }: StepStatus, nominal: number | null, t: Translate): Html {
  const share = nominal === null || nominal === 0 ? null : pflops / nominal;
  return html`<tr>
    <th scope="row">
      ${t(wordOf(stepWords, step))}
      ${tier in tiers ? html`<small>${tier} · ${t(wordOf(tiers, tier))}</small>` : nothing}
    </th>
    <td>${exact(pflops, figure, t)}</td>
    <td>
      ${
        share === null
          ? '–'
          : html`${percent(share)} <progress max="1" value="${Math.min(1, share)}" aria-hidden="true"></progress>`
      }
    </td>
  </tr>`;
}

function poolCard({ name, modelName, steps }: PoolStatus, t: Translate): Html {
  const nominal = steps.find(({ step }) => step === 'nominal')?.pflops ?? null;
  const order = Object.keys(stepWords);
  const sorted = steps.toSorted((a, b) => order.indexOf(a.step) - order.indexOf(b.step));
  const silent = order.filter((step) => !steps.some((one) => one.step === step));
  return html`<article>
    <h4>${t(name)} <small>${t(modelName)}</small></h4>
    ${table(
      t(name),
      [t(labels.step), 'PFlops', t(labels.share)],
      [
        ...sorted.map((step) => stepRow(step, nominal, t)),
        ...silent.map(
          (step) =>
            html`<tr>
              <th scope="row">${t(wordOf(stepWords, step))}</th>
              <td colspan="2">${exact(null, figure, t)}</td>
            </tr>`,
        ),
      ],
    )}
  </article>`;
}

const workRow = ({ poolName, tenantName, action, actionName, tier, pflopSeconds }: WorkStatus, t: Translate): Html =>
  html`<tr>
    <th scope="row">${t(tenantName)} ${action === 'none' ? nothing : html`<small>${t(actionName)}</small>`}</th>
    <td class="words" data-label="${t(labels.pool)}">${t(poolName)}</td>
    <td data-label="${t(labels.amount)}">${exact(pflopSeconds, pflopHours, t)}</td>
    <td data-label="${t(labels.evidence)}"><abbr title="${t(wordOf(tiers, tier))}">${tier}</abbr></td>
  </tr>`;

function work({ work: rows, name }: SiteStatus, t: Translate): Html {
  if (rows.length === 0) return html`<p class="absent">${t(labels.no_work)}</p>`;
  const heads = [labels.tenant, labels.pool, labels.amount, labels.evidence].map(t);
  return table(
    `${t(labels.work)} ${t(name)}`,
    heads,
    rows.map((row) => workRow(row, t)),
    'stack',
  );
}

function computeNote(pools: readonly PoolStatus[], t: Translate): Html {
  const precisions = new Set(pools.flatMap(({ steps }) => steps.map(({ precision }) => precision.toUpperCase())));
  return html`<p class="note">${t(say(labels.compute_note, { precision: [...precisions].join(', ') }))}</p>`;
}

/** One site: what is going on in words, then power and energy, PUE by window, overhead budget, computing power by step, work. */
export function siteSection(site: SiteStatus, t: Translate): Html {
  const { id, name, demo, text, powerWatts, energyJoules, pue, gb40879, pools } = site;
  const facts = [
    [labels.power, labels.facility, exact(powerWatts.facility, watts, t)],
    [labels.power, labels.it, exact(powerWatts.it, watts, t)],
    [labels.energy, labels.facility, exact(energyJoules.facility, joules, t)],
    [labels.energy, labels.it, exact(energyJoules.it, joules, t)],
  ] as const;
  return html`<section aria-labelledby="site-${id}">
    <h2 id="site-${id}">${t(name)} ${demo ? html`<span class="badge">${t(labels.demo)}</span>` : nothing}</h2>
    <p class="sentence">${t(text)}</p>
    <dl>
      ${facts.map(
        ([what, side, value]) =>
          html`<div>
            <dt>${t(what)} · ${t(side)}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <h3>${t(labels.pue)}</h3>
    <p class="note">${t(pueNote(site))}</p>
    ${table(
      `${t(labels.pue)} ${t(name)}`,
      [labels.window, labels.value, labels.coverage, labels.not_live].map(t),
      pue.map((row) => pueRow(row, t)),
      'stack',
    )}
    ${gb40879 === null ? nothing : html`<p>${t(gb40879.text)}</p>`} ${hallSection(site, t)} ${budgetSection(site, t)}
    <h3>${t(labels.compute)}</h3>
    ${pools.length === 0 ? html`<p class="absent">${t(labels.no_pools)}</p>` : computeNote(pools, t)}
    <div class="cards">${pools.map((pool) => poolCard(pool, t))}</div>
    <h3>${t(labels.work)}</h3>
    ${work(site, t)}
  </section>`;
}
