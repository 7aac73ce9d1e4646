import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../exporter-process.ts';

const DEBIAN = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs; undefined where there is none. */
export function postgresPrograms(): string | undefined {
  const folders = existsSync(DEBIAN)
    ? readdirSync(DEBIAN)
        .toSorted((a, b) => Number(b) - Number(a))
        .map((version) => join(DEBIAN, version, 'bin'))
    : [];
  return [...folders, ...(process.env['PATH'] ?? '').split(':')].find((folder) => existsSync(join(folder, 'initdb')));
}

/** A PostgreSQL of its own on a free loopback port, as a user without rights; `stop` ends it and removes its data. */
export async function startPostgres(programs: string): Promise<{ readonly url: string; stop: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-postgres-'));
  const port = await freePort();
  // It refuses to run as root; 65534 is nobody.
  const root = process.getuid?.() === 0;
  if (root) chownSync(folder, 65534, 65534);
  const run = (program: string, args: readonly string[]): void => {
    const { status, stdout, stderr, error } = spawnSync(join(programs, program), args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(root && { uid: 65534, gid: 65534 }),
    });
    if (status !== 0) throw new Error(`${program}: exit code ${status}\n${error?.message ?? ''}${stdout}${stderr}`);
  };
  const data = join(folder, 'data');
  const stop = (): void => {
    try {
      run('pg_ctl', ['stop', '-D', data, '-m', 'immediate', '-s']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  run('initdb', ['-D', data, '-U', 'greenflops', '--auth=trust', '--no-sync', '-E', 'UTF8']);
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories= -c fsync=off`;
  run('pg_ctl', ['start', '-D', data, '-w', '-s', '-l', join(folder, 'log'), '-o', options]);
  return { url: `postgres://greenflops@127.0.0.1:${port}/postgres?sslmode=disable`, stop };
}
