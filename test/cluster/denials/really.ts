import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Answer, Api, Who } from './api.ts';
import { collection, create } from './asks.ts';
import { lin } from './people.ts';

/** A namespace of copper-ai */
export const HERE = 'copper-train';

export async function passes(answer: Promise<Answer>): Promise<void> {
  const { message } = await answer;
  assert.equal(message, '');
}

/** Really creates what the row would only try. */
export const make = (api: Api, who: Who, object: object, where = HERE): Promise<void> => {
  const { path, body } = create(who, where, object);
  return passes(api.ask('POST', path, body, who));
};

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  }[];
}
export const list = async (api: Api, kind: string, app: string, where = HERE): Promise<Listed['items']> =>
  ((await api.ask('GET', `${collection(kind, where)}?labelSelector=app%3D${app}`)).body as Listed).items;

/** Until the controllers have done what they have to; 30 s is ten times what it takes on two cores. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const late = Date.now() + 30_000; !(await holds()); await setTimeout(100)) assert.ok(Date.now() < late, what);
}
export const pods = (api: Api, app: string, count: number): Promise<void> =>
  until(`${count} pods of ${app}`, async () => (await list(api, 'Pod', app)).length === count);

/** The tenant deletes it; its pods go as the garbage collector finds them. */
export async function goes(api: Api, kind: string, name: string, who: Who = lin): Promise<void> {
  await passes(api.ask('DELETE', `${collection(kind, HERE)}/${name}`, { propagationPolicy: 'Background' }, who));
  await pods(api, name, 0);
}
