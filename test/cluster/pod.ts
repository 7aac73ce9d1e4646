/** A pod's manifest; no node is there to run it. */
export interface Pod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface PodOptions {
  /** Accelerators by resource name. @default none */
  readonly devices?: Readonly<Record<string, number>>;
  /** @default what Pod Security `restricted` asks of a container */
  readonly security?: Readonly<Record<string, unknown>>;
}

const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

/** A pod that Pod Security `restricted` admits, unless `security` says otherwise. */
export function pod(name: string, { devices, security = restricted }: PodOptions = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image: 'registry.example/work:1',
          securityContext: security,
          ...(devices && { resources: { limits: devices } }), // requests of devices follow their limits
        },
      ],
    },
  };
}
