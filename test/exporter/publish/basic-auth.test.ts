import { expect, test } from 'vitest';
import { BasicAuth } from '../../../exporter/publish/http/basic-auth.ts';

const header = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Stands in for bcrypt: the hash of a password is "hash of " and the password. Counts, and can be held up. */
function verifier() {
  const calls: string[] = [];
  let release = (): void => {};
  let gate = Promise.resolve();
  let running = 0;
  let most = 0;
  return {
    calls,
    most: () => most,
    hold: (): void => {
      gate = new Promise((resolve) => (release = resolve));
    },
    release: () => release(),
    verify: async (password: string, hash: string): Promise<boolean> => {
      calls.push(hash);
      most = Math.max(most, ++running);
      await gate;
      running--;
      return hash === `hash of ${password}`;
    },
  };
}
const users = new Map([
  ['prometheus', 'hash of secret'],
  ['auditor', 'hash of a:b'],
]);

test.each([
  ['the right password', header('prometheus', 'secret'), 'ok'],
  ['a password with a colon', header('auditor', 'a:b'), 'ok'],
  ['lower-case basic', header('prometheus', 'secret').replace('Basic', 'basic'), 'ok'],
  ['a wrong password', header('prometheus', 'Secret'), 'refused'],
  ["another user's password", header('prometheus', 'a:b'), 'refused'],
  ['an unknown user with the password of the first', header('nobody', 'secret'), 'refused'],
  ['no password', header('prometheus', ''), 'refused'],
  ['no header', undefined, 'refused'],
  ['another scheme', 'Bearer secret', 'refused'],
  ['no base64', 'Basic %%%', 'refused'],
])('%s: %s -> %s', async (_, authorization, verdict) => {
  expect(await new BasicAuth(users, verifier().verify).check(authorization)).toBe(verdict);
});

test('what was right once is not hashed again, what was wrong is', async () => {
  const { calls, verify } = verifier();
  const auth = new BasicAuth(users, verify);
  for (let i = 0; i < 3; i++) expect(await auth.check(header('prometheus', 'secret'))).toBe('ok');
  expect(calls.length).toBe(1);
  for (let i = 0; i < 2; i++) expect(await auth.check(header('prometheus', 'guess'))).toBe('refused');
  expect(calls.length).toBe(3);
});

test('the memory of one pair opens no other that looks alike when it is joined', async () => {
  const alike = new Map([
    ['a', 'xy'],
    ['ax', 'y'],
  ]);
  const auth = new BasicAuth(alike, async (password, hash) => password === 'p' && hash === 'xy');
  expect(await auth.check(header('a', 'p'))).toBe('ok');
  expect(await auth.check(header('ax', 'p'))).toBe('refused');
});

test('an unknown user costs a comparison too', async () => {
  const { calls, verify } = verifier();
  await new BasicAuth(users, verify).check(header('nobody', 'guess'));
  expect(calls).toEqual(['hash of secret']);
});

test('one comparison at a time, few in waiting, and known clients pass meanwhile', async () => {
  const { hold, release, most, verify } = verifier();
  const auth = new BasicAuth(users, verify);
  await auth.check(header('auditor', 'a:b'));
  hold();
  const guesses = Array.from({ length: 40 }, (_, i) => auth.check(header('prometheus', `guess ${i}`)));
  expect(await auth.check(header('auditor', 'a:b'))).toBe('ok');
  release();
  const verdicts = await Promise.all(guesses);
  expect(verdicts.filter((verdict) => verdict === 'refused').length).toBe(16);
  expect(verdicts.filter((verdict) => verdict === 'busy').length).toBe(24);
  expect(most()).toBe(1);
});

test('a changed password ends the old one', async () => {
  const auth = new BasicAuth(users, verifier().verify);
  expect(await auth.check(header('prometheus', 'secret'))).toBe('ok');
  auth.replace(new Map([['prometheus', 'hash of new']]));
  expect(await auth.check(header('prometheus', 'secret'))).toBe('refused');
  expect(await auth.check(header('prometheus', 'new'))).toBe('ok');
});
