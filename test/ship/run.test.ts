import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shippedFiles } from '../../exporter/ship/files.ts';
import { version } from '../../exporter/version.ts';
import { shipFolder, type ShipFolder } from './folder.ts';

// bcrypt of 'open sesame', cost 4: cheap, for a test
const HASH = '$2b$04$zWI6rsx/TGhbhva4fHN.J.iCXdw6mFetoy8rDbNTUIPO2uxaSVhCO';
const authorization = `Basic ${Buffer.from('viewer:open sesame').toString('base64')}`;

let ship: ShipFolder;
beforeAll(() => void (ship = shipFolder()));
afterAll(() => ship.remove());

const started: ChildProcess[] = [];
afterAll(() => started.forEach((child) => child.kill('SIGKILL')));

/**
 * Runs the bundle where Node itself refuses to open any file but the bundle's, the declaration's and the store's.
 * Rejects with what was printed where it ends with another code than 0.
 */
const sealed = (...args: string[]): [string, string[], { cwd: string; env: NodeJS.ProcessEnv }] => [
  process.execPath,
  [
    '--permission',
    '--allow-worker',
    `--allow-fs-read=${ship.home}`,
    `--allow-fs-write=${ship.state}`,
    join(ship.opt, 'greenflops.mjs'),
    ...args,
  ],
  { cwd: ship.state, env: ship.env },
];

/** Starts `run` and waits for the address of its page. */
async function serve(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<[ChildProcess, string]> {
  const child = spawn(command, args, { cwd: ship.state, env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const end = once(child, 'exit').then(([code]: unknown[]) =>
    Promise.reject(new Error(`ended early: ${String(code)}`)),
  );
  end.catch(() => {}); // its end is no news once it serves
  const [line]: unknown[] = await Promise.race([once(createInterface(child.stdout), 'line'), end]);
  return [child, /http:\S+/.exec(String(line))?.[0] ?? ''];
}

async function stop(child: ChildProcess): Promise<unknown> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  return (await exit)[0];
}

const flags = (store: string): string[] =>
  `run --plan ${ship.plan} --store sqlite:${join(ship.state, store)} --web.listen-address 127.0.0.1:0 --log.level error`.split(
    ' ',
  );

test('the same tree makes the same bytes, with no path of the machine in them', async () => {
  const again = await shippedFiles();
  expect(readdirSync(ship.opt).sort()).toEqual(again.map(({ name }) => name));
  for (const { name, body } of again) {
    const written = readFileSync(join(ship.opt, name));
    expect(written.equals(body), name).toBe(true);
    expect(written.includes(process.cwd()), name).toBe(false);
  }
});

test('every bundled package is named with its licence', () => {
  const notices = readFileSync(join(ship.opt, 'THIRD-PARTY.txt'), 'utf8');
  for (const name of ['bcryptjs', 'commander', 'express', 'node-cron', 'pino', 'prom-client', 'undici', 'yaml', 'zod'])
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC|Apache-2\\.0|BSD-3-Clause)\\)$`, 'm'));
  expect(notices).toContain('Permission is hereby granted');
  expect(notices).not.toMatch(/^(typescript|esbuild|vitest) /m);
});

test('check and --version run, and nothing outside is opened', async () => {
  const { stdout } = await promisify(execFile)(...sealed('--version'));
  expect(stdout.trim()).toBe(version);
  await promisify(execFile)(...sealed('check', '--plan', ship.plan));
  const outside = sealed('check', '--plan', join(process.cwd(), 'plan'));
  await expect(promisify(execFile)(...outside)).rejects.toThrow(/ERR_ACCESS_DENIED|restricted|EACCES|permission/i);
});

test('run serves metrics, page, assets and status behind a password, and ends with 0', async () => {
  const config = join(ship.home, 'web.yaml');
  writeFileSync(config, `basic_auth_users: { viewer: '${HASH}' }\n`);
  const [command, args, { env }] = sealed(...flags('sealed.db'), '--web.config.file', config);
  const [child, url] = await serve(command, args, env);
  const get = (path: string, headers: Record<string, string> = { authorization }) => fetch(url + path, { headers });

  expect((await get('/-/healthy', {})).status).toBe(200);
  expect((await get('/metrics', {})).status).toBe(401);
  expect((await get('/metrics', { authorization: 'Basic dmlld2VyOm5v' })).status).toBe(401);
  await expect.poll(async () => (await get('/metrics')).status, { timeout: 10_000 }).toBe(200);
  expect(await (await get('/metrics')).text()).toContain(`greenflops_build_info{version="${version}"`);
  const page = await (await get('/')).text();
  const assets = [...page.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|svg))"/g)].map(([, path = '']) => path);
  expect(assets.sort()).toEqual(['/icon.svg', '/page.css', '/page.js']);
  for (const path of assets) {
    const body = Buffer.from(await (await get(path)).arrayBuffer());
    expect(body.equals(readFileSync(`exporter/publish/page${path}`)), path).toBe(true);
  }
  expect(await (await get('/api/v1/status')).json()).toBeTypeOf('object');
  expect(await stop(child)).toBe(0);
});

test("the start script keeps V8's limits and stays one process; the health check sees it come and go", async () => {
  const [child, url] = await serve(join(ship.opt, 'greenflops'), flags('script.db'), ship.env);
  const line = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0');
  expect(line[0]).toBe('node');
  expect(line).toContainEqual(expect.stringMatching(/^--max-old-space-size=\d+$/));
  const healthy = (): Promise<unknown> =>
    promisify(execFile)(process.execPath, [join(ship.opt, 'health.mjs')], {
      env: { ...ship.env, GREENFLOPS_WEB_LISTEN_ADDRESS: new URL(url).host },
    });
  await healthy();
  expect(await stop(child)).toBe(0);
  await expect(healthy()).rejects.toMatchObject({ code: 1 });
});
