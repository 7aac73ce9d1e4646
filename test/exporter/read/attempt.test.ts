import { expect, test } from 'vitest';
import { attempt } from '../../../exporter/read/transport/attempt.ts';
import { ReadError } from '../../../exporter/read/reader.ts';

const limits = { where: () => 'here', timeout: 1000, signal: new AbortController().signal };
const failing = (error: unknown) =>
  attempt(limits, async () => {
    throw error;
  });

/** The runtime's own errors, which no test can provoke without a network. */
test.each([
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ECONNREFUSED', 'refused'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNRESET', 'protocol'],
  ['no code', 'protocol'],
])('%s is %s', async (code, failure) => {
  const cause = Object.assign(new Error('what happened'), { code });
  await expect(failing(cause)).rejects.toMatchObject({
    name: 'ReadError',
    failure,
    message: 'here: what happened',
    cause,
  });
});

test('an error without a message is told by its code', async () => {
  const error = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  await expect(failing(error)).rejects.toMatchObject({ failure: 'refused', message: 'here: ECONNREFUSED' });
});

test('a ReadError keeps its failure and learns where', async () => {
  await expect(failing(new ReadError('empty', 'nothing'))).rejects.toMatchObject({
    failure: 'empty',
    message: 'here: nothing',
  });
});
