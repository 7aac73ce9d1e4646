import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { declaredStacks } from '../../infra/declared.ts';
import { verbs } from '../../infra/deploy/verbs.ts';

const shipped = declaredStacks('plan');
const everything = ['nc-a', 'py-a'].flatMap((id) =>
  ['guardrails', 'pools', 'ledger', 'telemetry'].map((name) => `${id}-${name}`),
);

test('deploy and diff mean every stack, destroy every stack but the ledgers', () => {
  expect(verbs['deploy']?.(shipped)).toEqual([everything]);
  expect(verbs['diff']?.(shipped)).toEqual(everything.map((id) => [id]));
  expect(verbs['destroy']?.(shipped)).toEqual([everything.filter((id) => !id.endsWith('-ledger'))]);
});

test.each([
  ['en', 'there is no terraform on the PATH'],
  ['zh', 'PATH 中没有 terraform'],
])('without Terraform it says so and what goes without it (%s)', (language, words) => {
  const { status, stderr } = spawnSync(process.execPath, ['infra/deploy.ts', 'deploy'], {
    encoding: 'utf8',
    env: { PATH: '/nowhere', GREENFLOPS_LANG: language },
  });
  expect(status).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr).toContain('npm run render');
});
