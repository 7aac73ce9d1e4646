import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Self } from '../self.ts';
import type { BasicAuth } from './basic-auth.ts';
import type { Limits } from './limits.ts';
import { refuse } from './problems.ts';
import type { Route } from './routes.ts';

/** Nothing may be framed, sniffed, cached, or loaded from elsewhere; there is no inline script or style. */
const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};
const METHODS = ['GET', 'HEAD'];
/** The counter's label for every path that is not in the list: a label is never taken from a request. */
const OTHER = 'other';

export interface AppOptions {
  readonly routes: readonly Route[];
  readonly self: Self;
  readonly auth: BasicAuth | null;
  readonly limits: Pick<Limits, 'maxScrapes' | 'responseTimeout'>;
  /** Hears of errors that no answer is meant for. */
  readonly failed: (error: unknown) => void;
}

/** Routing, authentication and limits; what is answered stands in the routes. */
export function createApp({ routes, self, auth, limits, failed }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // a hash of 12 MiB at every scrape, for clients that never ask
  app.enable('case sensitive routing');
  app.enable('strict routing');

  let inFlight = 0;
  const limit = (_: Request, response: Response, next: NextFunction): void => {
    if (inFlight >= limits.maxScrapes) return refuse(response, 'too_many');
    self.scraping(++inFlight);
    response.once('close', () => self.scraping(--inFlight));
    next();
  };
  const authenticate = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const verdict = auth === null ? 'ok' : await auth.check(request.headers.authorization);
    if (verdict === 'ok') return next();
    if (verdict === 'busy') return refuse(response, 'busy');
    response.setHeader('WWW-Authenticate', 'Basic realm="greenflops", charset="UTF-8"');
    return refuse(response, 'unauthorized');
  };

  const paths = new Map(routes.map((route) => [route.path, route]));
  app.use((request, response, next) => {
    const path = paths.has(request.path) ? request.path : OTHER;
    const deadline = setTimeout(() => response.destroy(), limits.responseTimeout);
    response.once('close', () => {
      clearTimeout(deadline);
      self.answered(path, response.statusCode);
    });
    response.set(SECURITY_HEADERS);
    next();
  });
  app.use((request, response, next) =>
    paths.get(request.path)?.open ? next() : authenticate(request, response, next),
  );
  app.use((request, response, next) => {
    if (METHODS.includes(request.method)) return next();
    response.setHeader('Allow', METHODS.join(', '));
    return refuse(response, 'method_not_allowed');
  });
  for (const { path, limited, answer } of routes) {
    app.get(path, limited ? limit : (_, __, next) => next(), answer);
  }
  app.use((_, response) => refuse(response, 'not_found'));
  app.use((error: unknown, _: Request, response: Response, __: NextFunction) => {
    if (response.destroyed) return; // the client went away
    if (error instanceof URIError) return refuse(response, 'bad_request');
    failed(error);
    if (response.headersSent) response.destroy();
    else refuse(response, 'internal');
  });
  return app;
}
