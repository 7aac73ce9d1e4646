import type { Text } from '../../../model/text.ts';
import { pueReasons } from '../../../model/reasons.ts';
import { ratio } from '../status/figure.ts';
import type { HallStatus } from '../status/halls.ts';
import type { SiteStatus } from '../status/site.ts';
import { windows, wordOf } from '../words.ts';
import { exact } from './exact.ts';
import { html, nothing, type Html } from './html.ts';
import { labels } from './labels.ts';
import { table } from './table.ts';

type Translate = (text: Text) => string;

const hallRow = ({ name, pue }: HallStatus, t: Translate): Html =>
  html`<tr>
    <th scope="row">${t(name)}</th>
    ${pue.map(
      ({ window, ratio: value, reason }) =>
        html`<td data-label="${t(wordOf(windows, window))}">
          ${
            value === null && reason !== null
              ? html`<abbr title="${t(wordOf(pueReasons, reason))}">–</abbr>`
              : exact(value, ratio, t)
          }
        </td>`,
    )}
  </tr>`;

/** The halls of a site side by side; nothing where it declares none. */
export function hallSection({ halls, name }: SiteStatus, t: Translate): Html {
  if (halls.length === 0) return nothing;
  const heads = [t(labels.hall), ...Object.values(windows).map(t)];
  return html`<h3>${t(labels.halls)}</h3>
    <p class="note">${t(labels.halls_note)}</p>
    ${table(
      `${t(labels.halls)} ${t(name)}`,
      heads,
      halls.map((hall) => hallRow(hall, t)),
      'stack',
    )}`;
}
