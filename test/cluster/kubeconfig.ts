/** One way into one API server, as a user whom a bearer token names. */
export interface Access {
  /** Name of the context, and of the cluster and the user in it */
  readonly context: string;
  readonly server: string;
  /** File with the certificate that the server's must come from */
  readonly authority: string;
  readonly token: string;
}

/** A kubeconfig file's text (kubernetes.io/docs/reference/config-api/kubeconfig.v1), one context each; the first is current. */
export function kubeconfig(accesses: readonly Access[]): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': accesses[0]?.context,
    contexts: accesses.map(({ context }) => ({ name: context, context: { cluster: context, user: context } })),
    clusters: accesses.map(({ context, server, authority }) => ({
      name: context,
      cluster: { server, 'certificate-authority': authority },
    })),
    users: accesses.map(({ context, token }) => ({ name: context, user: { token } })),
  }); // JSON is YAML
}
