import { adu, scriptedServer } from '../../exporter/read/modbus-server.ts';
import { answer, counter64, scriptedAgent } from '../../exporter/read/snmp-agent.ts';

const COMMUNITY = 'open sesame';
const GATE_W = 600_000;
const UPS_W = 200_000;

/** The two meters of the proving estate on loopback, counting all the time. */
export interface Devices {
  /** The proving estate with the meters' addresses here, read every second. */
  estate(text: string): string;
  /** What the Secret greenflops-sources holds */
  readonly secrets: Readonly<Record<string, string>>;
  /** Communities by which the UPS was asked */
  readonly communities: () => ReadonlySet<string>;
}

export async function startDevices(ends: AsyncDisposableStack): Promise<Devices> {
  const began = performance.now();
  const wattHours = (watts: number) => (watts * (performance.now() - began)) / 3_600_000;

  // Schneider PM5xxx: INT64 Wh at 3203.
  const gate = await scriptedServer((asked) => {
    const register = Buffer.alloc(8);
    register.writeBigInt64BE(1_000_000n + BigInt(Math.floor(wattHours(GATE_W))));
    asked.socket.write(adu(asked, [asked.function, register.length, ...register]));
  });
  ends.use(gate);
  const ups = await scriptedAgent((asked) =>
    asked.community === COMMUNITY
      ? answer(
          asked,
          asked.oids.map((oid) => [oid, counter64(50_000n + BigInt(Math.floor(wattHours(UPS_W) / 100)))]),
        )
      : undefined,
  );
  ends.use(ups);

  return {
    estate: (text) =>
      replaced(text, [
        ["'10.1.2.3:502'", `'${gate.address}'`],
        ["'10.1.2.4:161'", `'${ups.address}'`],
        ['    rated_kw: 900\n', '    rated_kw: 900\n    every: 1s\n'],
        ['    rated_kw: 250\n', '    rated_kw: 250\n    every: 1s\n'],
      ]),
    secrets: { 'ups-community': COMMUNITY },
    communities: () => new Set(ups.asked.map(({ community }) => community)),
  };
}

/** Throws where something to be replaced does not stand in the text. */
export function replaced(text: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the proving estate does not hold ${JSON.stringify(from)}`);
    return changed.replace(from, to);
  }, text);
}
