import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../exporter-process.ts';
import { end } from './end.ts';

const main = fileURLToPath(new URL('../../twin/main.ts', import.meta.url));
const PATIENCE_MS = 20_000;

export interface TwinProcess {
  /** POST /fault: begins a fault, or ends all of a target by kind `none`. */
  fault(spec: { readonly target: string; readonly kind: string } & Readonly<Record<string, unknown>>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the twin as its users do and waits until it plays all devices; its faults go by the control API. */
export async function startTwinProcess(plan: string): Promise<TwinProcess> {
  const control = `127.0.0.1:${await freePort()}`;
  const args = [main, '--plan', plan, '--control', control];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill); // a test that dies takes its twin along
  const gone = once(child, 'exit');
  const timer = setTimeout(kill, PATIENCE_MS);
  let ready = false;
  for await (const line of createInterface({ input: child.stdout })) {
    ready = line.includes(control);
    if (ready) break;
  }
  clearTimeout(timer);
  if (!ready) throw new Error(`node ${args.join(' ')} ended with ${String((await gone)[0])} before it was ready`);
  return {
    async fault(spec) {
      const signal = AbortSignal.timeout(5000);
      const body = JSON.stringify(spec);
      const response = await fetch(`http://${control}/fault`, { method: 'POST', body, signal });
      if (!response.ok) throw new Error(`POST /fault ${body}: ${response.status} ${await response.text()}`);
    },
    async stop() {
      process.off('exit', kill);
      await end(child);
    },
  };
}
