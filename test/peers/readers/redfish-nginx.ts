import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { freePort } from '../../exporter-process.ts';

/** An nginx that serves a recorded Redfish tree by HTTPS to one user, and faults beside it. */
export interface RedfishNginx {
  /** host:port */
  readonly address: string;
  readonly user: string;
  readonly password: string;
  /** SHA-256 of its certificate, as openssl prints it */
  readonly fingerprint: string;
  readonly certificate: string;
  /** An empty folder for files of the checks. */
  readonly folder: string;
  /** Ends it, as a BMC that restarts. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 10_000;

const configuration = (dir: string, port: number) => `
daemon off;
master_process off; # one process, as the user who runs the checks
pid ${dir}/nginx.pid;
error_log ${dir}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
  default_type application/json;
  gzip on; gzip_types application/json; gzip_min_length 1;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${dir}/bmc.crt;
    ssl_certificate_key ${dir}/bmc.key;
    auth_basic BMC;
    auth_basic_user_file ${dir}/users;
    root ${dir}/www;
    location / { try_files $uri/index.json =404; }
    location = /redfish/v1/moved { return 302 https://127.0.0.1:1/redfish/v1/secret; }
    location = /redfish/v1/slow { limit_rate 10; try_files /redfish/v1/Chassis/1U/Power/index.json =404; }
    location = /redfish/v1/endless { gzip off; try_files /endless =404; }
    location = /redfish/v1/bomb { gzip off; add_header Content-Encoding gzip; try_files /bomb.gz =404; }
  }
}`;

/** Starts it and waits until it listens. It ends with this process. @param tree a folder of index.json files */
export async function startRedfishNginx(tree: string): Promise<RedfishNginx> {
  const dir = mkdtempSync(join(tmpdir(), 'greenflops-redfish-'));
  const folder = join(dir, 'checks');
  for (const name of [folder, join(dir, 'www/redfish')]) mkdirSync(name, { recursive: true });
  symlinkSync(tree, join(dir, 'www/redfish/v1'));
  writeFileSync(join(dir, 'www/bomb.gz'), gzipSync(Buffer.alloc(100_000_000)));
  writeFileSync(join(dir, 'www/endless'), '');
  truncateSync(join(dir, 'www/endless'), 2 ** 40); // sparse: nobody lives to its end
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, encoding: 'utf8', stdio: 'pipe' });
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'bmc.key'];
  openssl('req', '-x509', ...key, '-subj', '/CN=bmc', '-days', '2', '-out', 'bmc.crt');
  const fingerprint = openssl('x509', '-in', 'bmc.crt', '-noout', '-fingerprint', '-sha256').trim().split('=')[1]!;
  const [user, password] = ['reader', 'pass:with "marks'];
  writeFileSync(join(dir, 'users'), `${user}:${openssl('passwd', '-apr1', password)}`);

  const port = await freePort();
  writeFileSync(join(dir, 'nginx.conf'), configuration(dir, port));
  const log = openSync(join(dir, 'nginx.log'), 'w');
  const flags = ['-p', dir, '-e', join(dir, 'error.log'), '-c', join(dir, 'nginx.conf')];
  const child = spawn('nginx', flags, { stdio: ['ignore', log, log] });
  child.unref();
  const gone = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  process.on('exit', () => {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });
  const listens = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
  for (const until = Date.now() + PATIENCE_MS; !(await listens()); await sleep(50)) {
    if (child.exitCode !== null || Date.now() > until)
      throw new Error(
        `nginx does not listen: ${execFileSync('cat', ['nginx.log', 'error.log'], { cwd: dir, encoding: 'utf8' })}`,
      );
  }
  return {
    address: `127.0.0.1:${port}`,
    user,
    password,
    fingerprint,
    certificate: join(dir, 'bmc.crt'),
    folder,
    async stop() {
      child.ref();
      child.kill('SIGTERM');
      await gone;
    },
  };
}
