import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startExporter } from '../../exporter-process.ts';
import { HOUR, meterScene, MINUTE } from '../account/meter-scene.ts';

const now = Math.floor(Date.now() / MINUTE) * MINUTE;
const start = now - 6 * HOUR;
const AT = (hours: number): string => new Date(start + hours * HOUR).toISOString();
/** Gate 100 kW, IT 80 kW; the gate falls silent after three hours. */
const level = (id: string, at: number): number =>
  1_000_000 + ((id === 'gate' ? 100_000 : 80_000) * (at - start)) / HOUR;
const silentFrom = start + 3 * HOUR;

const meters = [
  { id: 'gate', role: 'facility' },
  { id: 'it', role: 'it', more: 'parent: gate' },
] as const;

/** A ledger of three hours, its declaration, and the command on both; nothing runs. */
async function scene() {
  const made = meterScene(meters, (id, at) => (id === 'gate' && at > silentFrom ? null : level(id, at)), { start });
  await made.until(start + 3.5 * HOUR);
  await made.stop();
  const greenflops = async (language: 'zh' | 'en', ...args: string[]) => {
    const child = spawn(process.execPath, ['exporter/cli/main.ts', 'meter', ...args], {
      env: {
        ...process.env,
        GREENFLOPS_LANG: language,
        GREENFLOPS_PLAN: made.dir,
        GREENFLOPS_STORE: `sqlite:${made.ledger}`,
      },
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { status: child.exitCode, stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
  };
  const entries = () => made.read((db) => db.prepare('SELECT joules, kind, who, why, evidence FROM entry').all());
  return { ...made, greenflops, entries };
}

test('without an exporter the command carries it out itself, once; evidence is kept by its hash', async () => {
  const { greenflops, entries, dir, remove } = await scene();
  try {
    const evidence = join(dir, 'photo.jpg');
    writeFileSync(evidence, 'a photo');
    const asked = ['read', 'gate', '--at', AT(4), '--value', '1400000.0', '--who', '王工', '--evidence', evidence];
    expect(await greenflops('en', ...asked)).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^the gap .*Z of the meter "gate" is closed: 100\.000 kWh \(manual\)/) as string,
      stderr: '',
    });
    expect(entries()).toEqual([
      {
        joules: 360_000_000,
        kind: 'manual',
        who: '王工',
        why: 'hand reading',
        evidence: expect.stringMatching(/^\{"name":"photo\.jpg","sha256":"[0-9a-f]{64}"\}$/) as string,
      },
    ]);
    expect(await greenflops('zh', ...asked)).toMatchObject({
      status: 3,
      stderr: '同样的抄表已经提交过（第 1 条指令）：未作改动',
    });
    expect(entries()).toHaveLength(1);
  } finally {
    remove();
  }
}, 30_000);

test.each([
  ['read gates --value 1 --at 2026-10-01T00:00:00+08:00', 1, 'did you mean "gate"?'],
  ['read gate --value 1e --at 2026-10-01T00:00:00+08:00', 1, 'no decimal number'],
  ['read gate --value 1 --at 2026-10-01', 1, 'no time with a zone'],
  [`read gate --value 1400000 --at ${new Date(now + HOUR).toISOString()}`, 3, 'is in the future'],
  [`replace gate --old-final 1200000 --new-initial 5 --at ${AT(4)}`, 3, 'does not go on from'],
])(
  'refuses %s, and leaves no instruction',
  async (line, status, words) => {
    const { greenflops, read, remove } = await scene();
    try {
      expect(await greenflops('en', ...line.split(' '))).toMatchObject({
        status,
        stderr: expect.stringContaining(words) as string,
      });
      expect(read((db) => db.prepare('SELECT count(*) AS n FROM instruction').get())).toEqual({ n: 0 });
    } finally {
      remove();
    }
  },
  30_000,
);

test('beside a running exporter, which carries it out and moves no counter', async () => {
  const { greenflops, entries, dir, ledger, read, remove } = await scene();
  try {
    const exporter = await startExporter(dir, `sqlite:${ledger}`);
    try {
      const counter = async (): Promise<number | undefined> =>
        [...(await exporter.metrics())].find(([key]) =>
          /^greenflops_energy_joules_total\{.*meter="gate"/.test(key),
        )?.[1];
      await expect.poll(counter, { timeout: 10_000 }).toBe(300_000 * 3600);
      const replaced = [
        'replace',
        'gate',
        '--at',
        AT(5),
        '--old-final',
        '1500000',
        '--new-initial',
        '42',
        '--why',
        '到期',
      ];
      expect(await greenflops('zh', ...replaced)).toEqual({
        status: 0,
        stdout: expect.stringContaining('已补上：200.000 kWh（人工）') as string,
        stderr: '',
      });
      expect(entries()).toMatchObject([{ joules: 720_000_000, why: '到期' }]);
      expect(await counter()).toBe(300_000 * 3600);
      const state = read((db) => db.prepare("SELECT state FROM meter WHERE meter = 'gate'").get())?.['state'];
      expect(JSON.parse(String(state))).toMatchObject({ register: { level: { n: '42n' }, at: start + 5 * HOUR } });
    } finally {
      expect(await exporter.stop()).toBe(0);
    }
  } finally {
    remove();
  }
}, 30_000);
