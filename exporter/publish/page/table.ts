import { html, type Html } from './html.ts';

/**
 * A table with a caption-like label, which scrolls by itself where the screen is narrow. One of kind `stack` shows each
 * row as lines of label and value there: its cells carry `data-label`.
 */
export const table = (
  label: string,
  heads: readonly string[],
  rows: readonly Html[],
  kind: 'wide' | 'stack' = 'wide',
): Html =>
  html`<div class="${kind}" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
