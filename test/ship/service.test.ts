import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCommand } from '../../exporter/ship/start-command.ts';
import { exits } from '../../exporter/cli/say.ts';
import { shipFolder, type ShipFolder } from './folder.ts';

const unit = readFileSync('exporter/ship/greenflops.service', 'utf8');
const values = (key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);
const mib = (key: string): number => Number(/^(\d+)M$/.exec(values(key)[0] ?? '')?.[1]);

/** systemd-analyze's exposure, 0 (sealed) to 10; plain services have 9.6. */
const EXPOSURE = 1.5;

const { error } = spawnSync('systemd-analyze', ['--version']);
const skipped = error !== undefined;
if (skipped) console.warn(`skipped: ${error.message}: the unit is read here, but systemd did not judge it`);

let ship: ShipFolder;
beforeAll(() => void (ship = shipFolder()));
afterAll(() => ship.remove());

const analyze = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });

test('memory stands above the heap that V8 may fill, so that series are dropped before the kernel kills', () => {
  const heap = Number(/--max-old-space-size=(\d+)/.exec(startCommand.flags.join(' '))?.[1]);
  // Node, SQLite, text and its gzip lie outside of the heap: 110 MiB when idle, most of it not heap.
  expect(mib('MemoryHigh')).toBeGreaterThanOrEqual(heap + 128);
  expect(mib('MemoryMax')).toBeGreaterThan(mib('MemoryHigh'));
});

test('a broken declaration is not started again and again, and the ledger lies where the unit may write', () => {
  expect(values('RestartPreventExitStatus')).toEqual([String(exits.declaration)]);
  expect(values('Environment')).toContain(`GREENFLOPS_STORE=sqlite:/var/lib/${values('StateDirectory')[0]}/ledger.db`);
  expect(values('ExecStart')).toEqual(['/opt/greenflops/greenflops run']);
});

test.skipIf(skipped)('systemd reads every line of it', () => {
  const path = join(ship.home, 'greenflops.service');
  writeFileSync(path, unit.replaceAll('=/opt/greenflops/', `=${ship.opt}/`));
  expect(analyze('verify', path)).toMatchObject({ status: 0, stderr: '' });
  writeFileSync(path, unit.replace('NoNewPrivileges=', 'NoNewPriviledges='));
  expect(analyze('verify', path).stderr).toContain('NoNewPriviledges');
});

test.skipIf(skipped)(`systemd's exposure of it is at most ${EXPOSURE}`, () => {
  const judged = analyze(
    'security',
    '--offline=true',
    `--threshold=${EXPOSURE * 10}`,
    join(ship.opt, 'greenflops.service'),
  );
  expect(judged.status, judged.stdout).toBe(0);
});
