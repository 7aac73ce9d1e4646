import type { Text } from '../../../model/text.ts';
import { sentences } from '../words.ts';
import { html, type Html } from './html.ts';

/** A figure as people read it, with the exact one beside it for machines; absent is said, never 0. */
export const exact = (value: number | null, show: (value: number) => string, t: (text: Text) => string): Html =>
  value === null
    ? html`<span class="absent">${t(sentences.no_reading)}</span>`
    : html`<data value="${value}">${show(value)}</data>`;
