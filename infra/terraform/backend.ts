import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { State } from '../../model/schema/state.ts';
import { HttpBackend, LocalBackend, PgBackend, S3Backend, type TerraformStack } from './cdktf.ts';
import { escapeTemplates } from './escape.ts';

/** Where the state of one stack lies. `key`: the stack's id, or the one that it had before its cluster was renamed. */
type Keep<S extends State> = (stack: TerraformStack, state: S, key: string) => void;
type Of<B extends State['backend']> = Extract<State, { backend: B }>;

/** No credential is written into the synthesised JSON: each backend reads its own environment variables. */
const backends: { readonly [B in State['backend']]: Keep<Of<B>> } = {
  local: (stack, { folder = '' }, key) =>
    void new LocalBackend(stack, { path: join(process.cwd(), folder, `terraform.${key}.tfstate`) }),
  s3: (stack, { bucket, region, prefix, endpoint, lock }, key) => {
    const path = `${prefix}${key}.tfstate`;
    // Servers that are not Amazon's have no account, no region list and no instance metadata to check.
    const other = endpoint !== undefined && {
      endpoints: { s3: escapeTemplates(endpoint) },
      usePathStyle: true,
      skipCredentialsValidation: true,
      skipRegionValidation: true,
      skipRequestingAccountId: true,
      skipMetadataApiCheck: true,
      skipS3Checksum: true,
    };
    void new S3Backend(stack, {
      ...escapeTemplates({ bucket, region, key: path }),
      encrypt: endpoint === undefined,
      ...other,
    });
    stack.addOverride('terraform.backend.s3.use_lockfile', lock); // cdktf 0.21 has no word for it
  },
  pg: (stack, { schema_prefix: prefix }, key) => {
    const props = { schemaName: schemaName(`${prefix}${key.replaceAll('-', '_')}`) };
    void new PgBackend(stack, props as ConstructorParameters<typeof PgBackend>[1]); // conn_str is PG_CONN_STR's
  },
  http: (stack, { url }, key) => {
    const address = escapeTemplates(`${url.replace(/\/+$/, '')}/${key}`);
    void new HttpBackend(stack, {
      address,
      lockAddress: address,
      unlockAddress: address,
      lockMethod: 'LOCK',
      unlockMethod: 'UNLOCK',
    });
  },
};

/** PostgreSQL cuts names at 63 bytes without a word, and two stacks would share a schema. */
const schemaName = (name: string): string =>
  name.length <= 63 ? name : `${name.slice(0, 54)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;

/** Gives a stack its backend. */
export function addBackend(stack: TerraformStack, state: State, key: string): void {
  // The row of the state's own backend: the table's type says so, but not to whoever looks a text up in it.
  backends[state.backend](stack, state as never, key);
}
