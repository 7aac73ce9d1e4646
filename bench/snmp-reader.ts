// Our reader in a process of its own: reads each of the ports that it is told once a round, evenly over the round's time.
// Tells the CPU time that a round took.
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeMeter } from '../exporter/judge/meter/meter.ts';
import { unread } from '../exporter/judge/meter/meter-state.ts';
import { Gateways, openMeter } from '../exporter/read/index.ts';
import { meter } from '../model/schema/meter.ts';
import { rows } from './snmp-rows.ts';

const [restart, energy, power] = rows;
const registers = {
  restart: { oid: restart.oid },
  energy: { oid: energy.oid, scale_to_wh: 100, modulus: 'none', sentinels: [-1] },
  power: { oid: power.oid, scale_to_w: 10, sentinels: [-1] },
};

function pduAt(port: number, gateways: Gateways): () => Promise<void> {
  const source = { protocol: 'snmp', version: '2c', address: `127.0.0.1:${port}`, community: 'public' };
  const declared = meter.parse({ id: `pdu-${port}`, site: 's', role: 'it', rated_kw: 11, source, registers });
  const reader = openMeter(declared, gateways);
  let state = unread;
  return async () => {
    const answer = await reader.read(AbortSignal.timeout(30_000));
    const judged = judgeMeter(declared, state, answer, { at: Date.now(), mono: performance.now() });
    state = judged.state;
    if (judged.watts !== 1210) throw new Error(`${declared.id}: ${judged.watts} W instead of 1210`);
  };
}

/** CPU ms of all threads, the kernel's work for them included. */
async function round(reads: readonly (() => Promise<void>)[], ms: number): Promise<number> {
  const before = process.cpuUsage();
  const begun = performance.now();
  const done: Promise<void>[] = [];
  for (const [index, read] of reads.entries()) {
    const wait = begun + (index * ms) / reads.length - performance.now();
    if (wait > 0) await sleep(wait);
    done.push(read());
  }
  await Promise.all(done);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

process.on('disconnect', () => process.exit());
let reads: readonly (() => Promise<void>)[] = [];
process.on('message', (message: { readonly ports?: readonly number[]; readonly ms: number }) => {
  if (message.ports) {
    const gateways = new Gateways();
    reads = message.ports.map((port) => pduAt(port, gateways));
  }
  void round(reads, message.ms).then((cpu) => process.send?.(cpu));
});
