import type { Text } from '../../../model/text.ts';
import type { Status } from '../status.ts';
import { day, percent } from '../status/figure.ts';
import { say } from '../status/say.ts';
import { inUnit, type TargetStatus } from '../status/targets.ts';
import { exact } from './exact.ts';
import { html, nothing, type Html } from './html.ts';
import { labels } from './labels.ts';

/** With a space that no line breaks at. */
const SIGNS: Readonly<Record<TargetStatus['comparator'], string>> = {
  '>=': '≥\u00a0',
  '<=': '≤\u00a0',
  '>': '>\u00a0',
  between: '',
};

function goal({ target, upper, unit, comparator }: TargetStatus, t: (text: Text) => string): Html {
  if (target === null || upper === null) {
    return html`${SIGNS[comparator]}${exact(target, (value) => inUnit(value, unit), t)}`;
  }
  return html`${t(say(labels.range, { from: inUnit(target, unit), to: inUnit(upper, unit) }))}`;
}

function row(target: TargetStatus, t: (text: Text) => string): Html {
  const { name, unit, actual, progress, required, due, demo, rule } = target;
  const shown = (value: number): string => inUnit(value, unit);
  return html`<tr>
    <th scope="row">
      ${t(name)} ${demo ? html`<span class="badge">${t(labels.demo)}</span>` : nothing}
      <details>
        <summary>${t(labels.rule)}</summary>
        ${t(rule)}
      </details>
    </th>
    <td data-label="${t(labels.goal)}">${goal(target, t)} <small>${t(say(labels.by, { day: day(due) }))}</small></td>
    <td data-label="${t(labels.actual)}">
      ${exact(actual, shown, t)}
      ${
        progress === null
          ? nothing
          : html`<small>${percent(progress)}</small>
              <progress max="1" value="${progress}" aria-hidden="true"></progress>`
      }
    </td>
    <td data-label="${t(labels.required)}">${required === null ? t(labels.no_path) : exact(required, shown, t)}</td>
  </tr>`;
}

/** Every target of the plan, with what is there and what today asks for. */
export function planSection({ targets, document, name }: Status, t: (text: Text) => string): Html {
  const heads = [labels.target, labels.goal, labels.actual, labels.required];
  return html`<section aria-labelledby="plan">
    <h2 id="plan">${t(labels.plan)}</h2>
    <p class="note">${t(name)} · ${document.number} · ${document.date}</p>
    <div class="stack" role="region" aria-labelledby="plan" tabindex="0">
      <table>
        <thead>
          <tr>
            ${heads.map((head) => html`<th scope="col">${t(head)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${targets.map((target) => row(target, t))}
        </tbody>
      </table>
    </div>
  </section>`;
}
