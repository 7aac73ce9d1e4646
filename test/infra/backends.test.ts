import { expect, test } from 'vitest';
import { replaced, stacksOf, synthesised } from './estates.ts';

/** What the synthesised stack says of its backend, where the estate says `state: …`. */
function backend(state: string, id = 'nc-a-pools'): unknown {
  const declared = stacksOf(replaced('\nsites:\n', `\nstate: ${state}\n\nsites:\n`));
  const made = synthesised(declared.filter((stack) => stack.id === id));
  return (JSON.parse(made.get(id) ?? '{}') as { terraform?: { backend?: unknown } }).terraform?.backend;
}

test('local, beside cdktf.json or in a folder of its own', () => {
  const file = 'terraform.nc-a-pools.tfstate';
  expect(backend('{ backend: local }')).toEqual({ local: { path: `${process.cwd()}/${file}` } });
  expect(backend('{ backend: local, folder: var/states }')).toEqual({
    local: { path: `${process.cwd()}/var/states/${file}` },
  });
});

test('s3 of Amazon, and of any other server', () => {
  const common = { bucket: 'b', key: 'greenflops/nc-a-pools.tfstate', use_lockfile: true };
  expect(backend('{ backend: s3, bucket: b, region: cn-north-1 }')).toEqual({
    s3: { ...common, region: 'cn-north-1', encrypt: true },
  });
  expect(backend("{ backend: s3, bucket: b, region: r, endpoint: 'https://s3.example:9000', lock: false }")).toEqual({
    s3: {
      ...common,
      region: 'r',
      encrypt: false,
      endpoints: { s3: 'https://s3.example:9000' },
      use_path_style: true,
      skip_credentials_validation: true,
      skip_region_validation: true,
      skip_requesting_account_id: true,
      skip_metadata_api_check: true,
      skip_s3_checksum: true,
      use_lockfile: false,
    },
  });
});

test('pg: a schema for each stack, and the connection by PG_CONN_STR alone', () => {
  expect(backend('{ backend: pg }')).toEqual({ pg: { schema_name: 'greenflops_nc_a_pools' } });
});

test('pg: names beyond 63 bytes, which PostgreSQL would cut, keep their difference', () => {
  const long = `p${'x'.repeat(60)}_`;
  const name = (id: string) =>
    (backend(`{ backend: pg, schema_prefix: ${long} }`, id) as { pg: { schema_name: string } }).pg.schema_name;
  const [a, b] = [name('nc-a-pools'), name('nc-a-ledger')];
  expect([a.length, b.length]).toEqual([63, 63]);
  expect(a).not.toBe(b);
});

test('http: one address for each stack, locked there', () => {
  const address = 'https://state.example/jiangxi/nc-a-pools';
  expect(backend("{ backend: http, url: 'https://state.example/jiangxi/' }")).toEqual({
    http: { address, lock_address: address, unlock_address: address, lock_method: 'LOCK', unlock_method: 'UNLOCK' },
  });
});
