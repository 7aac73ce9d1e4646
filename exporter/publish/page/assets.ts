import { readFileSync } from 'node:fs';

/** The files that the page loads: path -> media type. They lie beside this one. */
const types = {
  '/page.css': 'text/css; charset=utf-8',
  '/page.js': 'text/javascript; charset=utf-8',
  '/icon.svg': 'image/svg+xml',
} as const;

export interface Asset {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

/** Reads them once. */
export const assets = (): Asset[] =>
  Object.entries(types).map(([path, contentType]) => ({
    path,
    contentType,
    body: readFileSync(new URL(`.${path}`, import.meta.url)),
  }));
