import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

let root = '';
const at = (...parts: string[]) => join(root, ...parts);
const write = (path: string, text: string) => writeFileSync(at(path), text);
const installs = () => (existsSync(at('installs')) ? readFileSync(at('installs'), 'utf8').length : 0);

/** A workspace whose npm is a script: it wipes node_modules as `npm ci` does, takes a while, and brings one program. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'greenflops-bootstrap-'));
  cpSync(fileURLToPath(new URL('../bootstrap.mjs', import.meta.url)), at('bootstrap.mjs'));
  write('package.json', JSON.stringify({ workspaces: [], optionalDependencies: {} }));
  write('package-lock.json', '{}');
  write('program', '#!/usr/bin/env node\nprocess.exit(7);');
  chmodSync(at('program'), 0o755);
  write(
    'npm-cli.js',
    `const fs = require('node:fs');
    fs.appendFileSync('installs', '.');
    fs.rmSync('node_modules', { recursive: true, force: true });
    setTimeout(() => {
      if (fs.existsSync('no-network')) process.exit(1);
      fs.mkdirSync('node_modules/.bin', { recursive: true });
      fs.copyFileSync('program', 'node_modules/.bin/program');
    }, 300);`,
  );
});
afterEach(() => rmSync(root, { recursive: true }));

function start(program: string, env: NodeJS.ProcessEnv = {}) {
  const options = { env: { ...process.env, LANG: 'C', npm_execpath: at('npm-cli.js'), ...env } };
  const child = spawn(process.execPath, [at('bootstrap.mjs'), program], options);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  return { child, ended: once(child, 'close').then(([code, signal]: unknown[]) => ({ code, signal, said })) };
}
const run = (program: string, env?: NodeJS.ProcessEnv) => start(program, env).ended;

test('installs once, passes the exit code on, and again only when the lock file changes', async () => {
  expect((await run('program')).code).toBe(7);
  expect((await run('program')).code).toBe(7);
  expect(installs()).toBe(1);
  write('package-lock.json', '{ "changed": true }');
  expect((await run('program')).code).toBe(7);
  expect(installs()).toBe(2);
});

test('of several at once one installs and all run; a dead owner’s lock keeps nobody out', async () => {
  mkdirSync(at('.cache', 'install-lock'), { recursive: true });
  write('.cache/install-lock/owners', '4194305.1'); // above the kernel's largest pid
  const codes = (await Promise.all([run('program'), run('program'), run('program')])).map(({ code }) => code);
  expect(codes).toEqual([7, 7, 7]);
  expect(installs()).toBe(1);
});

test('a failed install says what was tried, in the language of the user, and leaves no stamp behind', async () => {
  write('no-network', '');
  const { code, said } = await run('program');
  expect(code).toBe(1);
  expect(said).toContain(`npm ci in ${root} (exit code 1)`);
  expect((await run('program', { LANG: 'zh_CN.UTF-8', LC_ALL: '', LC_MESSAGES: '' })).said).toContain('安装失败');
  rmSync(at('no-network'));
  expect((await run('program')).code).toBe(7);
  expect(installs()).toBe(3);
});

test('a signal during the install ends it, and the next run installs anew', async () => {
  const { child, ended } = start('program');
  while (installs() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ signal: 'SIGTERM' });
  expect(existsSync(at('node_modules'))).toBe(false); // at once, not when npm is through
  expect((await run('program')).code).toBe(7);
  expect(installs()).toBe(2);
});

test('a program that is in no package is named', async () => {
  const { code, said } = await run('programm');
  expect(code).toBe(1);
  expect(said).toContain('There is no program programm');
});
