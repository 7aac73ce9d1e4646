import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Access } from '../kubeconfig.ts';

/** Who asks: undefined is the administrator, who has every right of RBAC. */
export interface Who {
  readonly user: string;
  readonly groups: readonly string[];
}

/** What the API server says: a Status with its message, or the object. */
export interface Answer {
  readonly code: number;
  /** '' where the request passed */
  readonly message: string;
  readonly body: unknown;
}

export interface Api {
  /** One request; `path` from the server's root, `body` as JSON. Resolves whatever the server says. */
  ask(method: string, path: string, body?: unknown, who?: Who): Promise<Answer>;
}

const CONTENT: Readonly<Record<string, string>> = { PATCH: 'application/merge-patch+json' };

/** The API server without kubectl between: its messages are compared whole, and a hundred requests take seconds. */
export function openApi(ends: AsyncDisposableStack, { server, authority, token }: Access): Api {
  const agent = new Agent({ ca: readFileSync(authority), keepAlive: true });
  ends.defer(() => agent.destroy());
  return {
    async ask(method, path, body, who) {
      const sent = body === undefined ? undefined : JSON.stringify(body);
      const asked = request(new URL(path, server), {
        method,
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          // Node states no length of its own in a DELETE, and the next request would be read as its body.
          ...(sent !== undefined && {
            'content-type': CONTENT[method] ?? 'application/json',
            'content-length': Buffer.byteLength(sent),
          }),
          ...(who && { 'impersonate-user': who.user, 'impersonate-group': [...who.groups] }),
        },
      });
      asked.end(sent);
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      const whole = await text(answer);
      const said = parsed(whole);
      const code = answer.statusCode ?? 0;
      return { code, message: code < 300 ? '' : messageOf(said, whole), body: said };
    },
  };
}

function parsed(whole: string): unknown {
  try {
    return JSON.parse(whole) as unknown;
  } catch {
    return undefined; // a text of the server, not of its API
  }
}

const messageOf = (said: unknown, whole: string): string =>
  typeof said === 'object' && said !== null && 'message' in said && typeof said.message === 'string'
    ? said.message
    : whole.trim();
