import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ledgerFamilies } from '../../../model/metrics/index.ts';
import type { Prometheus } from '../../peers/prometheus.ts';
import { peerTools } from '../../peers/tools.ts';
import type { RenderedFile } from '../objects.ts';
import type { Proving } from '../proving.ts';
import type { Devices } from './devices.ts';
import { runPod, type RunningPod } from './run-pod.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What the operator of the site makes by hand; bcrypt of the password, cost 4: cheap, for a test. */
export const HASH = '$2b$04$zWI6rsx/TGhbhva4fHN.J.iCXdw6mFetoy8rDbNTUIPO2uxaSVhCO';
export const scraper = { username: 'prometheus', password: 'open sesame' };
export const webConfig = `basic_auth_users: { prometheus: '${HASH}' }\n`;
const AUTHORIZATION = `Basic ${Buffer.from(`${scraper.username}:${scraper.password}`).toString('base64')}`;

/** The series of the two meters */
export const meters = ['meter="gate"', 'meter="ups"'];

/** What the checks share: a control plane, the devices, and the exporter that was last started. */
export class Scene {
  readonly stage: Proving;
  readonly devices: Devices;
  /** A folder that is removed with the scene */
  readonly home: string;
  readonly #bundle: string;
  /** Of loopback, one for each start */
  readonly ports: readonly [number, number, number];
  prometheus: Prometheus | undefined;
  running: RunningPod | undefined;
  /** Totals of the first run by series, as last scraped */
  before: ReadonlyMap<string, number> = new Map();

  constructor(
    stage: Proving,
    devices: Devices,
    home: string,
    bundle: string,
    ports: readonly [number, number, number],
  ) {
    this.stage = stage;
    this.devices = devices;
    this.home = home;
    this.#bundle = bundle;
    this.ports = ports;
  }

  async start(port: number): Promise<RunningPod> {
    return (this.running = await runPod(this.stage, this.#bundle, this.home, port));
  }

  /** Status and text of an answer of the exporter, asked with the password or without; by TLS where a CA is given. */
  async ask(path: string, { password = true, ca }: { password?: boolean; ca?: string } = {}) {
    const headers: Record<string, string> = password ? { authorization: AUTHORIZATION } : {};
    const address = `${this.running?.address}${path}`;
    if (ca !== undefined) return secured(`https://${address}`, headers, ca);
    const answer = await fetch(`http://${address}`, { headers, signal: AbortSignal.timeout(5000) });
    return { status: answer.status, text: await answer.text() };
  }

  /** Values by series as the text says them: 'name{labels}' -> number. */
  async metrics(): Promise<Map<string, number>> {
    const { text } = await this.ask('/metrics');
    const rows = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      rows.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
    );
  }

  /** The files of the ledger and of the telemetry, in the order to apply them in. */
  get files(): readonly RenderedFile[] {
    return this.stage.files.filter(({ path }) => /-(ledger|telemetry)\.yaml$/.test(path));
  }
  get telemetry(): RenderedFile {
    const file = this.stage.files.find(({ path }) => path.endsWith('-telemetry.yaml'));
    assert.ok(file, 'the telemetry is rendered');
    return file;
  }

  /** Runs promtool on a text; rejects with what it says where it finds something. */
  async promtool(args: readonly string[], name: string, text: string): Promise<void> {
    const path = join(this.home, name);
    writeFileSync(path, text);
    await promisify(execFile)((await peerTools()).promtool, [...args, path]);
  }
}

function secured(url: string, headers: Record<string, string>, ca: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, ca, servername: 'greenflops-exporter.greenflops.svc' }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', reject).end();
  });
}

/** Asks until `holds` is true of an answer; rejects with the last one after 30 s. */
export async function until<T>(what: string, answer: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (const late = Date.now() + 30_000; ; await setTimeout(200)) {
    const value = await answer();
    if (holds(value)) return value;
    if (Date.now() > late) assert.fail(`${what}, after 30 s: ${told(value)}`);
  }
}
const told = (value: unknown): string =>
  (value instanceof Map ? [...value].map((pair) => pair.join(' ')).join('\n') : JSON.stringify(value)).slice(0, 4000);

const nameOf = (series: string): string => series.replace(/\{.*/, '');

/** The value of the one series of that name and label; undefined where there is none. */
export function valueOf(rows: ReadonlyMap<string, number>, name: string, label = ''): number | undefined {
  const found = [...rows].filter(([series]) => nameOf(series) === name && series.includes(label));
  assert.ok(found.length < 2, `several series: ${found.map(([series]) => series).join(' ')}`);
  return found[0]?.[1];
}
export const energyOf = (rows: ReadonlyMap<string, number>, meter: string): number =>
  valueOf(rows, 'greenflops_energy_joules_total', meter) ?? 0;

const counters = new Set(ledgerFamilies.filter(({ type }) => type === 'counter').map(({ name }) => name));

/** The counters that the ledger keeps; failures and refusals of sources are counted since the start. */
export const totals = (rows: ReadonlyMap<string, number>): Map<string, number> =>
  new Map(
    [...rows].filter(
      ([series]) => counters.has(nameOf(series)) && !/^greenflops_(source|compute_clamped)_/.test(series),
    ),
  );
