import type { ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { TlsFiles } from '../web-config.ts';

/** Node's options for what the web configuration says. */
export const tlsOptions = ({ cert, key, ca, client_auth_type: type, min_version: min }: TlsFiles): ServerOptions => ({
  cert,
  key,
  ca,
  requestCert: type === 'RequireAndVerifyClientCert',
  rejectUnauthorized: type === 'RequireAndVerifyClientCert',
  minVersion: min === 'TLS13' ? 'TLSv1.3' : 'TLSv1.2',
});

/** `DNS:a, IP Address:1.2.3.4, URI:x`; a name that holds a comma or quote is quoted, and so cannot pass as another. */
const NAMES = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g;

/** Whether a client's certificate carries one of the allowed subject alternative names; any does where none is listed. */
export function hasAllowedName(socket: TLSSocket, allowed: readonly string[]): boolean {
  const names = (socket.getPeerCertificate().subjectaltname ?? '').match(NAMES) ?? [];
  return allowed.length === 0 || names.some((name) => allowed.includes(name.trim().replace(/^[A-Za-z ]+:/, '')));
}
