type Strings = Readonly<Record<string, string>>;

/** A pod's manifest; no node is there to run it. */
export interface Pod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: { readonly name: string; readonly labels: Strings };
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface PodOptions {
  /** Accelerators by resource name. @default none */
  readonly devices?: Readonly<Record<string, number>>;
  /** @default what Pod Security `restricted` asks of a container */
  readonly security?: Readonly<Record<string, unknown>>;
  /** Class of its data, as its namespace's. @default 'general' */
  readonly dataClass?: string;
  /** @default none besides the class */
  readonly labels?: Strings;
  /** Further fields of the spec: priorityClassName, tolerations … */
  readonly spec?: Readonly<Record<string, unknown>>;
}

const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
/** From the proving estate's registry, and by its digest; nobody ever pulls it. */
export const IMAGE = `registry.example/jiangxi/work@sha256:${'1'.repeat(64)}`;

/** A pod that Pod Security `restricted` and the admission policies admit, unless an option says otherwise. */
export function pod(
  name: string,
  { devices, security = restricted, dataClass = 'general', labels, spec }: PodOptions = {},
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'greenflops.io/data-class': dataClass, ...labels } },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image: IMAGE,
          securityContext: security,
          ...(devices && { resources: { limits: devices } }), // requests of devices follow their limits
        },
      ],
      ...spec,
    },
  };
}
