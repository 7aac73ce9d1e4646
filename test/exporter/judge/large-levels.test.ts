import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Accountant } from '../../../exporter/account/ledger/accountant.ts';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import { judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import { Board } from '../../../exporter/publish/exposition.ts';
import { catalogue } from '../../../model/metrics/index.ts';
import { parseDecimal } from '../../../model/rational.ts';
import { meterOf } from './life.ts';
import { readText } from '../publish/read-text.ts';

const NOW = 1_790_000_000_000;

/** Text of the energy counter after levels that are read 15 s apart; the process begins anew after each of them but the first. */
async function counted(meter: ReturnType<typeof meterOf>, levels: readonly string[]): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
  let ledger = new Ledger(join(folder, 'ledger.db'));
  let accountant = new Accountant(ledger, 'p', new Map([['s', { facility: [], it: [] }]]));
  for (const [index, text] of levels.entries()) {
    const now = { at: NOW + index * 15_000, mono: index * 15_000 };
    const answer = { energy: { value: parseDecimal(text), wire: text } };
    accountant.book(meter, judgeMeter(meter, accountant.stateOf('m'), answer, now), now.at);
    accountant.commit();
    // One reading alone has no account yet.
    if (index === 0) continue;
    ledger.close();
    ledger = new Ledger(join(folder, 'ledger.db'));
    accountant = new Accountant(ledger, 'p', new Map([['s', { facility: [], it: [] }]]));
  }
  const cycle = new Board({ catalogue, clock: { wall: () => NOW } }).begin();
  accountant.emit(cycle.emit, [meter]);
  ledger.close();
  rmSync(folder, { recursive: true });
  const snapshot = await cycle.finish();
  const lines = readText(Buffer.concat(snapshot.text.plain).toString());
  return lines.find(({ name }) => name === 'greenflops_energy_joules_total')?.value;
}

/** A level and those that follow it, each by so many thousandths more. */
const from = (start: bigint, ...rises: readonly bigint[]): string[] =>
  rises
    .reduce<bigint[]>((levels, rise) => levels.concat(levels.at(-1)! + rise), [start * 1000n])
    .map((level) => `${level / 1000n}.${String(level % 1000n).padStart(3, '0')}`);

const joules = meterOf({ energy: { metric: 'e', scale_to_j: 1, modulus: 'none' } });

test.each([
  ['2^53 J', 2n ** 53n],
  ['9.2e15 J', 9_200_000_000_000_000n],
  ['2^63 J, beyond a signed register', 2n ** 63n],
  ['2^64 - 4 MJ, just below the end of an unsigned one', 2n ** 64n - 4_000_000n],
])('a register that stands at %s counts on to the millijoule, through ledger and text', async (_, start) => {
  // 1 mJ, 1 J and 1 mJ, 1 MJ: no double of that size holds any of the first two.
  expect(await counted(joules, from(start, 1n, 1001n, 1_000_000_000n))).toBe('1000001.002');
});

test('a uint64 register of Wh above 2^63 rolls over at 2^64 without loss', async () => {
  const top = 2n ** 64n;
  const energy = { metric: 'e', scale_to_wh: 1, modulus: 'none' };
  const declared = meterOf({ energy });
  const register = declared.registers.energy;
  if (register === undefined) throw new Error('no register');
  const meter = { ...declared, registers: { energy: { ...register, modulus: top } } };
  expect(await counted(meter, [`${top - 201n}`, `${top - 1n}`, '100'])).toBe(`${301n * 3600n}.000`);
});
