import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { HttpAccess } from '../../../model/schema/sources.ts';
import { ReadError } from '../reader.ts';
import { accessFile } from './http-access.ts';

const hex = (fingerprint: string): string => fingerprint.replaceAll(':', '').toUpperCase();

/**
 * Makes connections. The files of `tls` are read for each one, and the server's certificate is judged before a byte of a
 * request leaves: by its fingerprint alone where one is declared, else by chain, name and dates.
 * @param timeout of a connection, TLS included, in ms
 */
export function httpConnector(tls: HttpAccess['tls'], timeout: number): buildConnector.connector {
  const fileOf = async (path: string | undefined) =>
    path === undefined ? undefined : accessFile(path, timeout, AbortSignal.timeout(timeout));
  return (options, callback) => {
    const open = async () => {
      try {
        const [ca, cert, key] = await Promise.all([tls?.ca_file, tls?.cert_file, tls?.key_file].map(fileOf));
        // judged below instead, where the error can tell the fingerprint; a resumed session would show no certificate
        const tlsOptions = { ca, cert, key, rejectUnauthorized: false, maxCachedSessions: 0 };
        const connect = buildConnector({ timeout, allowH2: false, ...tlsOptions });
        connect(options, (...[error, socket]) => {
          if (error) return callback(error, null);
          const fault = options.protocol === 'https:' ? distrust(socket as TLSSocket, tls?.fingerprint_sha256) : null;
          if (fault === null) return callback(null, socket);
          socket.destroy();
          return callback(new ReadError('protocol', fault), null);
        });
      } catch (error) {
        // a file that cannot be read, or whose text is no certificate or key
        callback(error instanceof Error ? error : new Error(String(error)), null);
      }
    };
    void open();
  };
}

/** Why the server is not the one that is meant; null where it is. */
function distrust(socket: TLSSocket, declared: string | undefined): string | null {
  const shown = socket.getPeerX509Certificate()?.fingerprint256;
  if (shown === undefined) return 'the server showed no certificate';
  if (declared !== undefined)
    return hex(shown) === hex(declared)
      ? null
      : `the SHA-256 of the server's certificate is ${shown}, not the declared one: nothing was sent`;
  if (socket.authorized) return null;
  return (
    `the server's certificate is not trusted (${String(socket.authorizationError)}): nothing was sent; ` +
    `declare tls.ca_file, or tls.fingerprint_sha256 if the device itself shows ${shown}`
  );
}
