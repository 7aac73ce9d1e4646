import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { formatFinding, type Finding } from '../../model/finding.ts';
import { parse } from '../../model/parse.ts';
import { readFile } from '../../model/read-file.ts';

const file = z.string().min(1);
const bcryptHash = z.string().regex(/^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/, {
  error: 'a bcrypt hash, as `htpasswd -nBC 10 "" | tr -d ":\\n"` prints it',
});

const tls = z
  .strictObject({
    cert_file: file,
    key_file: file,
    client_ca_file: file.optional(),
    client_auth_type: z.enum(['NoClientCert', 'RequireAndVerifyClientCert']).default('NoClientCert'),
    client_allowed_sans: z.array(z.string().min(1)).default([]),
    min_version: z.enum(['TLS12', 'TLS13']).default('TLS12'),
  })
  .refine(({ client_auth_type: type, client_ca_file: ca }) => (type === 'NoClientCert') === (ca === undefined), {
    error: 'client_ca_file and client_auth_type: RequireAndVerifyClientCert go together',
  })
  .refine(({ client_auth_type: type, client_allowed_sans: sans }) => sans.length === 0 || type !== 'NoClientCert', {
    error: 'client_allowed_sans needs client_auth_type: RequireAndVerifyClientCert',
  });

/** The part of exporter-toolkit's web configuration that is understood here; anything else in the file is a fault. */
const webConfig = z.strictObject({
  tls_server_config: tls.optional(),
  basic_auth_users: z.record(z.string().regex(/^[^:]+$/), bcryptHash).default({}),
});

export interface TlsFiles extends Omit<z.infer<typeof tls>, 'cert_file' | 'key_file' | 'client_ca_file'> {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | undefined;
}

export interface WebConfig {
  readonly tls: TlsFiles | null;
  /** Name -> bcrypt hash */
  readonly users: ReadonlyMap<string, string>;
}

/** A web configuration that cannot be used: every fault with file, line and column. */
export class WebConfigError extends Error {
  override name = 'WebConfigError';
}

/** Whoever writes a password where its hash belongs must not find it in a log. */
const withoutSecret = (found: Finding): Finding =>
  found.path.startsWith('basic_auth_users') ? { ...found, value: null } : found;

/** Reads the file and the certificates that it names, whose paths are relative to it. Throws a WebConfigError. */
export function readWebConfig(path: string): WebConfig {
  const read = readFile(dirname(path), basename(path), []);
  const parsed = read.source && parse(read.source.value, webConfig);
  const findings = [
    ...read.findings,
    ...(parsed?.faults ?? []).flatMap(({ path: at, spot, ...fault }) => {
      const place = read.source?.place(at, spot);
      return place ? [{ ...place, ...fault }] : [];
    }),
  ];
  if (findings.length > 0 || !parsed?.data) {
    const lines = findings.map((found) => formatFinding(withoutSecret(found), 'en'));
    throw new WebConfigError(`the web configuration has ${lines.length} fault(s):\n${lines.join('\n')}`);
  }
  const { tls_server_config: tlsConfig, basic_auth_users: users } = parsed.data;
  return { tls: tlsConfig ? tlsFiles(tlsConfig, dirname(path)) : null, users: new Map(Object.entries(users)) };
}

function tlsFiles({ cert_file, key_file, client_ca_file, ...rest }: z.infer<typeof tls>, dir: string): TlsFiles {
  const bytes = (key: string, name: string): Buffer => {
    try {
      return readFileSync(resolve(dir, name));
    } catch (error) {
      throw new WebConfigError(`tls_server_config.${key}: cannot read ${resolve(dir, name)}: ${String(error)}`, {
        cause: error,
      });
    }
  };
  return {
    ...rest,
    cert: bytes('cert_file', cert_file),
    key: bytes('key_file', key_file),
    ca: client_ca_file === undefined ? undefined : bytes('client_ca_file', client_ca_file),
  };
}
