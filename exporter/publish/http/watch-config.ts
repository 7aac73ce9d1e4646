import type { Text } from '../../../model/text.ts';
import { readWebConfig, type TlsFiles, type WebConfig } from '../web-config.ts';
import type { BasicAuth } from './basic-auth.ts';

/** Mounted secrets are swapped by symbolic links, which file watchers miss: the files are read again every so often. */
const EVERY_MS = 5000;

const digest = ({ tls, users }: WebConfig): string => JSON.stringify([tls, [...users]]);

interface Watched {
  readonly path: string;
  readonly first: WebConfig;
  /** Takes certificates into use */
  readonly renew: (tls: TlsFiles) => void;
  readonly auth: BasicAuth | null;
  readonly warn: (text: Text) => void;
  readonly everyMs?: number;
}

/**
 * Takes changed certificates and users into use for new connections and requests. What is broken, or cannot change while
 * running (TLS or authentication as such switched on or off), is told once and the old state stays.
 */
export function watchConfig({ path, first, renew, auth, warn, everyMs = EVERY_MS }: Watched): NodeJS.Timeout {
  let current = digest(first);
  let told = '';
  const look = (): void => {
    try {
      const next = readWebConfig(path);
      if (digest(next) === current) return;
      if ((next.tls === null) !== (first.tls === null) || next.users.size > 0 !== (auth !== null))
        throw new Error('TLS or authentication was switched on or off: restart the exporter');
      if (next.tls) renew(next.tls);
      auth?.replace(next.users);
      current = digest(next);
      told = '';
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason === told) return;
      told = reason;
      warn({
        zh: `Web 配置 ${path} 的改动未生效，仍用原来的：${reason}`,
        en: `the changed web configuration ${path} is not used, the one before stays: ${reason}`,
      });
    }
  };
  return setInterval(look, everyMs).unref();
}
