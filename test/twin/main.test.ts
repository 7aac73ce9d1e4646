import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, test, onTestFinished } from 'vitest';
import { startTwin } from '../../twin/twin.ts';
import { freePorts, modbusRead, planWith, shippedPlan, small, smallEstate } from './support.ts';

const main = ['twin/main.ts'];
const run = (args: readonly string[]) =>
  new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const options = { timeout: 10_000, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, [...main, ...args], options, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });

async function occupied(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

test.each(['SIGTERM', 'SIGINT'] as const)('says what it serves, serves it, and ends cleanly on %s', async (signal) => {
  const [modbus = 0, http = 0, control = 0] = await freePorts(3);
  const plan = planWith(smallEstate(modbus, http));
  const child = spawn(process.execPath, [...main, '--plan', plan, '--seed', '7', '--control', `127.0.0.1:${control}`]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  while (!printed.includes('twin: seed 7')) await once(child.stdout, 'data');
  expect(printed).toContain(`meter ups: 127.0.0.1:${modbus} unit 3, Carlo Gavazzi EM24`);
  expect(printed).toContain(`pool a800: http://127.0.0.1:${http}/a800, 16 x NVIDIA A800-SXM4-80GB`);
  expect((await fetch(`http://127.0.0.1:${control}/`)).ok).toBe(true);
  // A reader that keeps its connection open must not hold the end up.
  expect((await fetch(`http://127.0.0.1:${http}/a800`)).ok).toBe(true);
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a port that is taken: exit 1, naming the port and the file', async () => {
  const taken = await occupied();
  const [http = 0, control = 0] = await freePorts(2);
  const plan = planWith(smallEstate(taken, http));
  const { code, stderr } = await run(['--plan', plan, '--control', `127.0.0.1:${control}`]);
  expect(code).toBe(1);
  expect(stderr).toContain(`cannot listen on 127.0.0.1 port ${taken}: the port is taken`);
  expect(stderr).toContain(`${plan}/estate.yaml`);
});

test.each([
  ['modbus', 'estate.yaml'],
  ['http', 'estate.yaml'],
  ['control', 'the flag --control'],
] as const)('when the %s port is taken, that is said and nothing stays listening', async (which, origin) => {
  const taken = await occupied();
  const [modbus = 0, http = 0, control = 0] = await freePorts(3);
  const ports = { modbus, http, control, [which]: taken };
  const plan = planWith(smallEstate(ports.modbus, ports.http));
  await expect(startTwin({ plan, control: `127.0.0.1:${ports.control}` })).rejects.toThrow(origin);
  for (const port of Object.values(ports).filter((one) => one !== taken))
    await expect(modbusRead(port, [1, 3, 3203, 4])).rejects.toThrow('ECONNREFUSED');
});

test.each([
  [['--seed', 'x'], '--seed is a whole number, not x'],
  [['--plan', '/nowhere'], '/nowhere/estate.yaml'],
  [['--control', '0.0.0.0:1'], 'the twin serves loopback only, found 0.0.0.0'],
  [['--speed', '2'], "Unknown option '--speed'"],
])('%j: exit 1 with the reason', async (args, reason) => {
  const { code, stderr } = await run(args);
  expect(code).toBe(1);
  expect(stderr).toContain(reason);
});

test('closing frees the ports at once, whoever is still connected', async () => {
  const { twin, modbus, http } = await small();
  await fetch(`http://127.0.0.1:${http}/a800`);
  await twin.fault({ target: 'ups', kind: 'silent' });
  const waiting = modbusRead(modbus, [3, 3, 52, 2], 5000).catch((error: Error) => error.message);
  await setTimeout(100);
  const begin = performance.now();
  await twin.close();
  expect(performance.now() - begin).toBeLessThan(2000);
  await expect(fetch(`http://127.0.0.1:${http}/a800`)).rejects.toThrow('fetch failed');
  await expect(modbusRead(modbus, [1, 3, 3203, 4])).rejects.toThrow('ECONNREFUSED');
  expect(await waiting).not.toBe('no answer');
});

test('the estate that ships can be played, and all of it is served', async () => {
  const [control] = await freePorts(1);
  const twin = await startTwin({ plan: await shippedPlan(), control: `127.0.0.1:${control}` });
  onTestFinished(() => twin.close());
  expect(twin.served.not_served).toEqual([]);
  for (const { address, unit, model } of twin.served.meters) {
    const request = {
      'Schneider PM5xxx': [3, 3203, 4],
      'Carlo Gavazzi EM24': [3, 52, 2],
      'Eastron SDM630': [4, 52, 2],
    };
    const [code = 0, start = 0, count = 0] = Object.entries(request).find(([name]) => name === model)?.[1] ?? [];
    const pdu = await modbusRead(Number(address.split(':')[1]), [unit, code, start, count]);
    expect({ model, bytes: pdu.length }).toEqual({ model, bytes: 2 + 2 * count });
  }
  for (const { url } of twin.served.pools) expect((await fetch(url)).ok).toBe(true);
});
