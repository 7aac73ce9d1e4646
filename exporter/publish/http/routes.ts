import type { Request, Response } from 'express';
import type { Plan } from '../../../model/plan.ts';
import type { Text } from '../../../model/text.ts';
import type { Clock } from '../../clock.ts';
import { assets } from '../page/assets.ts';
import { chooseLanguage, page } from '../page/page.ts';
import type { Self } from '../self.ts';
import { rendition, type Snapshot } from '../snapshot.ts';
import { status, type Status } from '../status.ts';
import { openmetricsEnd } from '../text/sample-text.ts';
import { openapi } from './openapi.ts';
import { refuse } from './problems.ts';
import { writeScrape } from './scrape.ts';
import { writeSeries } from './series.ts';

/** One path of the server: a closed list, from which come answers, 405s, the request counter's labels and the API's description. */
export interface Route {
  readonly path: string;
  readonly summary: Text;
  readonly mediaTypes: readonly string[];
  /** true: needs no authentication, because it says nothing */
  readonly open?: boolean;
  /** true: heavy; only so many at once */
  readonly limited?: boolean;
  readonly answer: (request: Request, response: Response) => void | Promise<void>;
}

/** What the answers are made of. */
export interface Desk {
  /** null until the first cycle is finished */
  readonly latest: () => Snapshot | null;
  readonly plan: Plan;
  readonly self: Self;
  readonly clock: Pick<Clock, 'wall'>;
}

const json = ['application/json'];

/** Answers from the latest snapshot, or 503 with the reason where there is none yet. */
const fromSnapshot =
  ({ latest }: Desk, answer: (snapshot: Snapshot, request: Request, response: Response) => void | Promise<void>) =>
  (request: Request, response: Response): void | Promise<void> => {
    const snapshot = latest();
    return snapshot === null ? refuse(response, 'not_ready') : answer(snapshot, request, response);
  };

const healthRoutes = (desk: Desk): Route[] => [
  {
    path: '/-/healthy',
    summary: { zh: '进程活着', en: 'The process lives' },
    mediaTypes: json,
    open: true,
    answer: (_, response) => void response.json({ healthy: true }),
  },
  {
    path: '/-/ready',
    summary: { zh: '第一个采集周期已完成', en: 'The first cycle is finished' },
    mediaTypes: json,
    answer: fromSnapshot(desk, (_, __, response) => void response.json({ ready: true })),
  },
];

/** The exporter's own metrics at an address of their own, rendered at the scrape. */
export const telemetryRoutes = (desk: Desk): Route[] => [
  {
    path: '/metrics',
    summary: { zh: '采集器自身的指标', en: "The exporter's own metrics" },
    mediaTypes: ['text/plain', 'application/openmetrics-text'],
    limited: true,
    answer: async (request, response) => {
      const { text, openmetrics } = await desk.self.render();
      writeScrape(request, response, {
        text: await rendition([text]),
        openmetrics: await rendition([openmetrics, Buffer.from(openmetricsEnd)]),
      });
    },
  },
  ...healthRoutes(desk),
];

/** Everything that the main address serves. */
export function mainRoutes(desk: Desk): Route[] {
  const statusOf = (snapshot: Snapshot): Status => status(snapshot, desk.plan, desk.clock.wall());
  const routes: Route[] = [
    {
      path: '/',
      summary: { zh: '网页', en: 'The page' },
      mediaTypes: ['text/html'],
      answer: (request, response) => {
        const snapshot = desk.latest();
        const language = chooseLanguage(request.query['lang'], request.get('accept-language'));
        response.vary('Accept-Language');
        response.type('html').send(page(snapshot && statusOf(snapshot), language));
      },
    },
    {
      path: '/metrics',
      summary: { zh: 'Prometheus 抓取', en: 'For Prometheus to scrape' },
      mediaTypes: ['text/plain', 'application/openmetrics-text'],
      limited: true,
      answer: fromSnapshot(desk, (snapshot, request, response) => writeScrape(request, response, snapshot)),
    },
    {
      path: '/api/v1/status',
      summary: { zh: '网页上的全部内容', en: 'All that the page says' },
      mediaTypes: json,
      answer: fromSnapshot(desk, (snapshot, _, response) => void response.json(statusOf(snapshot))),
    },
    {
      path: '/api/v1/series',
      summary: { zh: '全部样本', en: 'All samples' },
      mediaTypes: json,
      limited: true,
      answer: fromSnapshot(desk, (snapshot, _, response) => writeSeries(response, snapshot)),
    },
    {
      path: '/api/v1/openapi.json',
      summary: { zh: '接口说明', en: 'This description' },
      mediaTypes: json,
      answer: (_, response) => void response.json(openapi(routes)),
    },
    ...healthRoutes(desk),
    ...assets().map(({ path, contentType, body }): Route => ({
      path,
      summary: { zh: '网页的一部分', en: 'A part of the page' },
      mediaTypes: [contentType],
      answer: (_, response) => void response.set('Content-Type', contentType).send(body),
    })),
  ];
  return routes;
}
