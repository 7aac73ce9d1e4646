import type { Request, Response } from 'express';
import type { Rendition } from '../snapshot.ts';
import type { Format } from '../text/sample-text.ts';
import { chooseFormat, wantsGzip } from './negotiate.ts';

/** Writes the rendition that the client asked for. The pieces are shared with every other scrape and never copied. */
export function writeScrape(
  request: Request,
  response: Response,
  renditions: Readonly<Record<Format, Rendition>>,
): void {
  const { format, contentType } = chooseFormat(request.headers.accept);
  const packed = wantsGzip(request.get('accept-encoding'));
  const pieces = renditions[format][packed ? 'gzip' : 'plain'];
  response.writeHead(200, {
    'Content-Type': contentType,
    'Content-Length': pieces.reduce((sum, { length }) => sum + length, 0),
    Vary: 'Accept, Accept-Encoding',
    ...(packed ? { 'Content-Encoding': 'gzip' } : {}),
  });
  for (const piece of pieces) response.write(piece);
  response.end();
}
