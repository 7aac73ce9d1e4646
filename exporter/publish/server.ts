import type { Plan } from '../../model/plan.ts';
import type { Text } from '../../model/text.ts';
import { systemClock, type Clock } from '../clock.ts';
import { createApp } from './http/app.ts';
import { BasicAuth } from './http/basic-auth.ts';
import { bcryptVerifier } from './http/bcrypt.ts';
import { limits as defaults, type Limits } from './http/limits.ts';
import { openListener, type Listener } from './http/listener.ts';
import { mainRoutes, telemetryRoutes, type Desk, type Route } from './http/routes.ts';
import { watchConfig } from './http/watch-config.ts';
import { Self } from './self.ts';
import type { Appendix, Snapshot } from './snapshot.ts';
import { readWebConfig, type WebConfig } from './web-config.ts';

export interface ServerOptions {
  /** The declaration until a snapshot comes with another one */
  readonly plan: Plan;
  /** host:port */
  readonly listen: string;
  /** host:port of the exporter's own metrics. @default with the others */
  readonly telemetryListen?: string;
  /** Path of a web configuration file in exporter-toolkit's format. @default no TLS, no authentication */
  readonly webConfig?: string;
  /** Takes what the operator has to know. @default writes the English text to stderr */
  readonly warn?: (text: Text) => void;
  readonly limits?: Partial<Limits>;
  /** Tells how old the figures are. @default the system's clock */
  readonly clock?: Pick<Clock, 'wall'>;
}

export interface Server {
  /** Address of the page */
  readonly url: string;
  readonly telemetryUrl: string | null;
  /** true: listens beyond this machine without TLS or authentication (greenflops_insecure_bind) */
  readonly insecure: boolean;
  /** Serves this snapshot, and the declaration that it was made by, from now on; what is being written goes on with those before. */
  publish(snapshot: Snapshot, plan?: Plan): void;
  /** The exporter's own metrics for the next snapshot; empty where they have an address of their own. */
  appendix(): Promise<Appendix>;
  /** Ends open answers within two seconds and stops listening. */
  close(): Promise<void>;
}

const EMPTY: Appendix = { text: Buffer.alloc(0), openmetrics: Buffer.alloc(0) };

/**
 * Serves /metrics, the page and the API. Rejects with a ListenError (port taken …) or a WebConfigError; until the first
 * snapshot is published, whatever needs one answers 503.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { listen: address, telemetryListen, webConfig: path, clock = systemClock } = options;
  const warn = options.warn ?? (({ en }: Text) => void process.stderr.write(`${en}\n`));
  const limits = { ...defaults, ...options.limits };
  const config: WebConfig = path === undefined ? { tls: null, users: new Map() } : readWebConfig(path);
  const auth = config.users.size > 0 ? new BasicAuth(config.users, bcryptVerifier()) : null;
  const self = new Self();
  let latest: Snapshot | null = null;
  let { plan } = options;
  const desk: Desk = {
    get plan() {
      return plan;
    },
    self,
    clock,
    latest: () => latest,
  };

  const failed = (error: unknown): void =>
    warn({ zh: `请求出错：${String(error)}`, en: `a request failed: ${String(error)}` });
  const serve = (routes: readonly Route[], at: string): Promise<Listener> =>
    openListener(createApp({ routes, self, auth, limits, failed }), at, config.tls, limits);
  const main = await serve(mainRoutes(desk), address);
  const second = telemetryListen === undefined ? null : serve(telemetryRoutes(desk), telemetryListen);
  const telemetry = await second?.catch(async (error: unknown) => {
    await main.close();
    throw error;
  });
  const listeners = telemetry ? [main, telemetry] : [main];
  const renew: Listener['renew'] = (tls) => listeners.forEach((listener) => listener.renew(tls));
  const watch = path === undefined ? null : watchConfig({ path, first: config, renew, auth, warn });

  return {
    url: main.url,
    telemetryUrl: telemetry?.url ?? null,
    insecure: config.tls === null && auth === null && listeners.some(({ loopback }) => !loopback),
    publish: (snapshot, by = plan) => {
      latest = snapshot;
      plan = by;
    },
    appendix: () => (telemetry ? Promise.resolve(EMPTY) : self.render()),
    close: async () => {
      if (watch) clearInterval(watch);
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}
