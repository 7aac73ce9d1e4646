import type { Api, Answer, Who } from './api.ts';

/** One request: who asks for what. Nothing that is created or changed stays: the server only tries it (dryRun). */
export interface Ask {
  readonly who: Who;
  readonly verb: 'create' | 'patch' | 'get' | 'list' | 'exec' | 'attach' | 'portforward' | 'proxy';
  /** The object's, or its collection's, from the server's root */
  readonly path: string;
  readonly body?: unknown;
}

/** What stands in the way, and speaks first. */
export type Gate = `policy ${string}` | 'Pod Security' | 'RBAC';

/** One denial that must happen, and beside it the request that differs in that one thing and passes. */
export interface Row {
  readonly id: string;
  readonly by: Gate;
  readonly denied: Ask;
  /** The server's message, whole */
  readonly message: string;
  readonly twin: Ask;
  /** What the twin hears where it gets past admission to a kubelet that is not there. @default it succeeds */
  readonly twinHears?: string;
}

const methods = {
  create: 'POST',
  patch: 'PATCH',
  get: 'GET',
  list: 'GET',
  exec: 'POST',
  attach: 'POST',
  portforward: 'POST',
  proxy: 'GET',
} as const;

/** Sends a request of the corpus. */
export function send(api: Api, { who, verb, path, body }: Ask): Promise<Answer> {
  const dry = verb === 'create' || verb === 'patch' ? `?dryRun=All` : '';
  return api.ask(methods[verb], `${path}${dry}`, body, who);
}

/** A refusal by one of our policies, as the server words it: `what` is its plural and name, `pods "a"`. */
export const refusal = (policy: string, what: string, said: string): string =>
  `${what} is forbidden: ValidatingAdmissionPolicy 'greenflops-${policy}' with binding 'greenflops-${policy}' denied request: ${said}`;
