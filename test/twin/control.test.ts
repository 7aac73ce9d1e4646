import { describe, expect, test } from 'vitest';
import { small } from './support.ts';

async function ask(url: string, method = 'GET', body?: unknown) {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}

describe('the control API', () => {
  test('gives the truth of any instant', async () => {
    const { twin, clock } = await small();
    const at = clock.time + 86_400_000;
    const asked = await ask(`${twin.control}/truth?at=${at}`);
    expect(asked).toEqual({ status: 200, answer: JSON.parse(JSON.stringify(twin.truth(at))) });
    expect(twin.truth(at).sites['s']!.facility_j).toBeGreaterThan(twin.truth().sites['s']!.facility_j);
    expect((await ask(`${twin.control}/truth`)).answer).toEqual(JSON.parse(JSON.stringify(twin.truth(clock.time))));
  });

  test('lists what is served', async () => {
    const { twin, modbus, http } = await small();
    const { answer } = await ask(twin.control);
    expect(answer).toMatchObject({
      seed: 2030,
      meters: expect.arrayContaining([
        { id: 'ups', address: `127.0.0.1:${modbus}`, unit: 3, model: 'Carlo Gavazzi EM24' },
        { id: 'pdu', address: `127.0.0.1:${modbus}`, unit: 4, model: 'Schneider PM5xxx' },
        { id: 'chiller', address: `127.0.0.1:${modbus}`, unit: 5, model: 'Eastron SDM630' },
      ]),
      pools: expect.arrayContaining([
        { id: 'b3', url: `http://127.0.0.1:${http}/b3`, model: '910B3-Ascend-V1', devices: 12 },
      ]),
      not_served: [],
    });
  });

  test('begins, lists and ends faults, by id and by target', async () => {
    const { twin, clock } = await small();
    const start = clock.time;
    const begun = await ask(`${twin.control}/fault`, 'POST', { target: 'a800', kind: 'slow' });
    const slow = { id: 'fault-1', target: 'a800', kind: 'slow', options: { ms: 5000 }, start, end: null };
    expect(begun).toEqual({ status: 200, answer: slow });
    await ask(`${twin.control}/fault`, 'POST', { target: 'a800/3', kind: 'clock_wrong' });
    await ask(`${twin.control}/fault`, 'POST', { target: 'ups', kind: 'reset' });
    clock.time += 1000;
    const ended = { ...slow, end: start + 1000 };
    expect(await ask(`${twin.control}/fault/fault-1`, 'DELETE')).toEqual({ status: 200, answer: [ended] });
    expect((await ask(`${twin.control}/fault/fault-1`, 'DELETE')).status).toBe(404);
    const none = await ask(`${twin.control}/fault`, 'POST', { target: 'a800/3', kind: 'none' });
    expect(none).toMatchObject({ status: 200, answer: [{ id: 'fault-2', end: start + 1000 }] });
    expect((await ask(`${twin.control}/fault`)).answer).toMatchObject([
      { id: 'fault-1', end: start + 1000 },
      { id: 'fault-2', end: start + 1000 },
      // A reset is done when it has begun.
      { id: 'fault-3', start, end: start },
    ]);
  });

  test.each([
    [{ target: 'gate', kind: 'burnt' }, 'there is no fault of kind burnt'],
    [{ target: 'gate', kind: 'constructor' }, 'there is no fault of kind constructor'],
    [{ target: 'gate' }, 'fault.kind: expected a text'],
    [{ target: 'nowhere', kind: 'stuck' }, 'there is no meter, pool or device nowhere'],
    [{ target: 'a800/16', kind: 'unknown_model' }, 'there is no meter, pool or device a800/16'],
    [{ target: 'a800', kind: 'stuck' }, 'stuck is not for a800: it befalls a meter'],
    [{ target: 'a800/1', kind: 'silent' }, 'silent is not for a800/1: it befalls a meter or a pool'],
    [{ target: 'gate', kind: 'zero', reads: -1 }, 'reads is a number from 0 to 1000000, not -1'],
    [{ target: 'gate', kind: 'zero', register: 'heat' }, 'register is one of energy, power, not "heat"'],
    [{ target: 'gate', kind: 'stuck', for: 'ever' }, 'it has no option for, only: none'],
    [['gate'], 'fault: expected a mapping'],
  ])('refuses %j and says which kinds there are', async (body, error) => {
    const { twin } = await small();
    const { status, answer } = await ask(`${twin.control}/fault`, 'POST', body);
    expect(status).toBe(400);
    expect(answer).toMatchObject({
      error: expect.stringContaining(error),
      kinds: expect.objectContaining({ stuck: expect.anything(), mig: expect.anything() }),
    });
    expect(twin.faults()).toEqual([]);
  });

  test('refuses other bad requests without harm', async () => {
    const { twin } = await small();
    expect((await ask(`${twin.control}/truth?at=soon`)).status).toBe(400);
    expect((await ask(`${twin.control}/truth?at=0`)).status).toBe(400);
    expect((await ask(`${twin.control}/nothing`)).status).toBe(404);
    const notJson = await fetch(`${twin.control}/fault`, { method: 'POST', body: '{' });
    expect(notJson.status).toBe(400);
    const long = await fetch(`${twin.control}/fault`, { method: 'POST', body: ' '.repeat(70_000) });
    expect(long.status).toBe(400);
    expect((await ask(`${twin.control}/truth`)).status).toBe(200);
  });
});
