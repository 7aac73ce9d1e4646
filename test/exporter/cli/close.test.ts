import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, auditedYear, type AuditedYear } from '../../verify/audited-year.ts';

let year: AuditedYear;
beforeAll(() => {
  year = auditedYear();
  year.readTo(at('2026-02-01T12:00'));
});
afterAll(() => year.remove());

/** Beside the writer of the ledger, which this process is. */
const close = (language: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['exporter/cli/main.ts', 'close', ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      GREENFLOPS_LANG: language,
      GREENFLOPS_STORE: `sqlite:${year.path}`,
      GREENFLOPS_PLAN: year.dir,
      GREENFLOPS_WHO: 'li',
    },
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
};

test('says the hash, refuses what is no month or not in order, names meters, and takes a reason for gaps', () => {
  expect(close('en', '2025-13')).toEqual({
    status: 1,
    stdout: '',
    stderr: '"2025-13" is no month: write one like 2026-10',
  });
  const first = close('en', '2025-12');
  expect(first.stderr).toBe('');
  expect(first.stdout).toMatch(
    /^the month 2025-12 is closed: [0-9a-f]{64} \(first of the chain\)\nwrite this hash down elsewhere: /,
  );
  expect(close('zh', '2025-12').stderr).toBe('2025-12 月不能再结账（已结至 2025-12）：更正请用 greenflops adjust');
  expect(close('zh', '2026-01')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/ {2}ups: \S+ \S+ – 2026-01-31 20:00/),
  });
  expect(close('en', '2026-01', '--accept-gaps', ' ').stderr).toBe('--accept-gaps is empty: say why');
  expect(close('en', '2026-01', '--accept-gaps', 'under repair').stdout).toMatch(
    /^the month 2026-01 is closed: .* \(after [0-9a-f]{12}…\)\n/,
  );
  const bodies = year.ledger.database
    .prepare('SELECT body FROM closing ORDER BY month')
    .all()
    .map(({ body }) => JSON.parse(String(body)) as unknown);
  expect(bodies).toMatchObject([
    { month: '2025-12', who: 'li', accepted_gaps: null, declaration: year.plan.hash, previous: '' },
    { month: '2026-01', who: 'li', accepted_gaps: 'under repair' },
  ]);
}, 30_000);

test('a ledger that is not there is not made', () => {
  expect(close('en', '2025-12', '--store', `sqlite:${year.dir}/nowhere.db`)).toMatchObject({
    status: 1,
    stderr: `ledger ${year.dir}/nowhere.db does not exist: check --store`,
  });
});
