import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Checkup, Outcome } from '../../../model/checkup.ts';
import type { State } from '../../../model/schema/state.ts';
import type { Here } from '../context.ts';

type Ask<B extends State['backend']> = (here: Here, state: Extract<State, { backend: B }>) => Outcome;

/** What each backend's own library reads its credentials from. */
const rows: { readonly [B in State['backend']]: Ask<B> } = {
  local: (_here, { folder }) => {
    const where = folder ?? '.';
    return existsSync(where)
      ? { ok: { zh: `本地文件夹 ${where}`, en: `local, in ${where}` } }
      : {
          troubles: [
            {
              where,
              what: { zh: '存放状态的文件夹不存在', en: 'the folder of the state is not there' },
              todo: { zh: `mkdir -p ${where}`, en: `mkdir -p ${where}` },
            },
          ],
        };
  },
  s3: (here, { bucket }) => {
    const { environment } = here;
    const shared =
      environment['AWS_SHARED_CREDENTIALS_FILE'] ?? join(environment['HOME'] ?? homedir(), '.aws', 'credentials');
    if (environment['AWS_PROFILE'] || existsSync(shared))
      return {
        ok: { zh: `s3 桶 ${bucket}，凭据取自 AWS 配置文件`, en: `s3, bucket ${bucket}, credentials of AWS' own files` },
      };
    return wanted(here, `s3 ${bucket}`, ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
  },
  pg: (here) => wanted(here, 'pg', ['PG_CONN_STR']),
  http: (here, { url }) => {
    const names = ['TF_HTTP_USERNAME', 'TF_HTTP_PASSWORD'];
    if (names.every((name) => !here.environment[name]))
      return {
        unknown: {
          zh: `没有设置 ${names.join('、')}：只有 ${url} 知道是否需要`,
          en: `${names.join(' and ')} are not set: only ${url} knows whether they are needed`,
        },
      };
    return wanted(here, url, names);
  },
};

function wanted({ environment, where }: Here, store: string, names: readonly string[]): Outcome {
  const missing = names.filter((name) => !environment[name]);
  if (missing.length === 0)
    return { ok: { zh: `${store}，已有 ${names.join('、')}`, en: `${store}, with ${names.join(' and ')}` } };
  return {
    troubles: [
      {
        where: where(['state']),
        what: {
          zh: `状态存于 ${store}，但没有设置 ${missing.join('、')}`,
          en: `the state is kept in ${store}, and ${missing.join(' and ')} is not set`,
        },
        todo: {
          zh: `export ${missing.map((name) => `${name}=…`).join(' ')}（不要写进声明）`,
          en: `export ${missing.map((name) => `${name}=…`).join(' ')} (never in the declaration)`,
        },
      },
    ],
  };
}

export const state: Checkup<Here> = {
  name: { zh: '状态后端的凭据', en: 'credentials of the state' },
  run: (here) => {
    const { state: declared } = here.plan.estate;
    // The row of the state's own backend: the table's type says so, but not to whoever looks a text up in it.
    return rows[declared.backend](here, declared as never);
  },
};
