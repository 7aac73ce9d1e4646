import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Fields } from '../../../infra/admission/schema.ts';
import type { ControlPlane } from '../control-plane.ts';

/** The API server's verdict: undefined where it takes the object, else its message. */
export type Ask = (object: Fields) => Promise<string | undefined>;

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Asks as `kubectl create --dry-run=server --validate=strict` does, over one connection; `ends` closes it. */
export function asking({ access }: ControlPlane, ends: AsyncDisposableStack): Ask {
  const agent = new Agent({ keepAlive: true, ca: readFileSync(access.authority) });
  ends.defer(() => agent.destroy());
  const resources = new Map<string, Promise<readonly Resource[]>>();
  async function call(method: string, path: string, body?: string): Promise<{ status: number; answer: string }> {
    const headers = { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' };
    const asked = request(`${access.server}${path}`, { method, agent, headers });
    asked.end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: response.statusCode ?? 0, answer: await text(response) };
  }
  const listed = async (apiVersion: string) => {
    const { answer } = await call('GET', `/apis/${apiVersion}`);
    return (JSON.parse(answer) as { resources: Resource[] }).resources;
  };
  return async (object) => {
    const apiVersion = String(object['apiVersion']);
    const known = resources.get(apiVersion) ?? listed(apiVersion);
    resources.set(apiVersion, known);
    const resource = (await known).find(({ kind, name }) => kind === object['kind'] && !name.includes('/'));
    if (!resource) return `no resource of ${apiVersion} is a ${String(object['kind'])}`;
    const path = `/apis/${apiVersion}/${resource.namespaced ? 'namespaces/default/' : ''}${resource.name}?dryRun=All&fieldValidation=Strict`;
    const { status, answer } = await call('POST', path, JSON.stringify(object));
    return status === 201 ? undefined : (JSON.parse(answer) as { message: string }).message;
  };
}
