import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname } from 'node:path';
import { once } from 'node:events';
import { unless, type Checkup, type Trouble } from '../../model/checkup.ts';
import type { Plan } from '../../model/plan.ts';
import { inspect } from '../account/ledger/ledger-file.ts';
import { readLedger, storePath } from '../account/ledger/open-ledger.ts';
import { SCHEMA_VERSION } from '../account/ledger/schema.ts';
import { StoreError } from '../account/ledger/store-error.ts';
import { listen, ListenError } from '../publish/http/listen.ts';
import { readWebConfig } from '../publish/web-config.ts';

export interface Surroundings {
  readonly plan: Plan;
  readonly dir: string;
  readonly store: string;
  readonly listen: string;
  readonly webConfig: string | undefined;
  /** Milliseconds since 1970 */
  readonly now: () => number;
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const trouble = (where: string, what: string, todo: Trouble['todo']): { troubles: Trouble[] } => ({
  troubles: [{ where, what: { zh: what, en: what }, todo }],
});

const declaration: Checkup<Surroundings> = {
  name: { zh: '声明', en: 'declaration' },
  run: ({ plan: { estate, hash }, dir }) => ({
    ok: {
      zh: `${dir}：${estate.sites.length} 个园区，${estate.meters.length} 块表（sha256 ${hash.slice(0, 12)}）`,
      en: `${dir}: ${estate.sites.length} sites, ${estate.meters.length} meters (sha256 ${hash.slice(0, 12)})`,
    },
  }),
};

const ledger: Checkup<Surroundings> = {
  name: { zh: '账本', en: 'ledger' },
  run: ({ store }) => {
    try {
      const path = storePath(store);
      const version = inspect(path);
      if (version !== null) {
        readLedger(path).close();
        accessSync(path, constants.W_OK);
        accessSync(dirname(path), constants.W_OK); // SQLite keeps its log and lock beside the file
        const old = version < SCHEMA_VERSION;
        return {
          ok: {
            zh: `${path}，版本 ${version}${old ? `，启动时升级到 ${SCHEMA_VERSION}` : ''}`,
            en: `${path}, version ${version}${old ? `, which a start makes ${SCHEMA_VERSION}` : ''}`,
          },
        };
      }
      let folder = dirname(path);
      while (!existsSync(folder)) folder = dirname(folder);
      accessSync(folder, constants.W_OK);
      return { ok: { zh: `${path} 还没有，启动时建立`, en: `${path} is not there yet; a start makes it` } };
    } catch (error) {
      if (error instanceof StoreError) throw error;
      return trouble(store, message(error), {
        zh: '让运行采集器的用户可以读写该文件及其文件夹，或换一个 --store',
        en: 'let the user who runs the exporter read and write the file and its folder, or choose another --store',
      });
    }
  },
};

/** Before this program was written no clock can be right. */
const WRITTEN = Date.parse('2026-01-01T00:00:00Z');

const clock: Checkup<Surroundings> = {
  name: { zh: '时钟', en: 'clock' },
  run: ({ store, now }) => {
    const time = new Date(now()).toISOString();
    const todo = {
      zh: '用 NTP 对时（chronyc tracking），再启动采集器',
      en: 'let NTP set it (chronyc tracking) before the exporter starts',
    };
    if (now() < WRITTEN) return trouble(time, '< 2026-01-01', todo);
    const path = storePath(store);
    if (inspect(path) === null) return { ok: { zh: time, en: time } };
    const database = readLedger(path);
    const newest = Number(database.prepare('SELECT max(hour) AS hour FROM hour').get()?.['hour'] ?? 0);
    database.close();
    if (newest <= now()) return { ok: { zh: time, en: time } };
    return {
      troubles: [
        {
          where: time,
          what: {
            zh: `账本里已有更晚的小时（${new Date(newest).toISOString()}）：时钟被拨回过，或账本来自别处`,
            en: `the ledger holds a later hour (${new Date(newest).toISOString()}): the clock was put back, or the ledger is another's`,
          },
          todo,
        },
      ],
    };
  },
};

const address: Checkup<Surroundings> = {
  name: { zh: '监听地址', en: 'listen address' },
  run: async ({ listen: wanted }) => {
    const server = createServer();
    try {
      await listen(server, wanted);
      server.close();
      await once(server, 'close');
      return { ok: { zh: `${wanted} 空闲`, en: `${wanted} is free` } };
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      // The text names the address, the reason and the way out in two sentences.
      const [zh = [], en = []] = [error.text.zh, error.text.en].map((text) => text.split(/[。.] ?(?=\S)/));
      return {
        troubles: [
          {
            what: { zh: zh[0] ?? '', en: en[0] ?? '' },
            todo: {
              zh: zh.slice(1).join('。') || '换一个 --web.listen-address',
              en: en.slice(1).join('. ') || 'choose another --web.listen-address',
            },
          },
        ],
      };
    }
  },
};

const web: Checkup<Surroundings> = {
  name: { zh: 'TLS 与认证', en: 'TLS and authentication' },
  run: ({ webConfig }) => {
    if (webConfig === undefined)
      return { ok: { zh: '没有给出 --web.config.file', en: 'no --web.config.file is given' } };
    try {
      const { tls, users } = readWebConfig(webConfig);
      return {
        ok: {
          zh: `${webConfig}：${tls ? 'TLS，' : ''}${users.size} 个用户`,
          en: `${webConfig}: ${tls ? 'TLS, ' : ''}${users.size} users`,
        },
      };
    } catch (error) {
      return trouble(webConfig, message(error), {
        zh: '改正该文件（exporter-toolkit 格式）',
        en: 'correct the file (exporter-toolkit format)',
      });
    }
  },
};

/** Paths under keys that end in _file, at whatever depth: passwords, communities, keys, certificates. */
function secretFiles(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) =>
    typeof child === 'string' ? (key.endsWith('_file') ? [child] : []) : secretFiles(child),
  );
}

const secrets: Checkup<Surroundings> = {
  name: { zh: '口令文件', en: 'secret files' },
  run: ({ plan }) => {
    const files = new Set(secretFiles(plan.estate));
    const troubles = [...files].flatMap((file): Trouble[] => {
      try {
        if (readFileSync(file).length > 0) return [];
        return trouble(file, '0 B', { zh: '写入口令', en: 'write the secret into it' }).troubles;
      } catch (error) {
        return trouble(file, message(error), {
          zh: '建立该文件，只让运行采集器的用户可读（chmod 600）；集群中由 Secret greenflops-sources 挂载',
          en: 'make it, to be read by the user who runs the exporter alone (chmod 600); on a cluster the Secret greenflops-sources brings it',
        }).troubles;
      }
    });
    return unless(troubles, { zh: `${files.size} 个都可读`, en: `all ${files.size} can be read` });
  },
};

/** The one list in which a check of the exporter's surroundings is registered. */
export const doctorChecks: readonly Checkup<Surroundings>[] = [declaration, ledger, clock, address, web, secrets];
