/** Who asks: a user that an administrator speaks for, with the groups that an authenticator would give it. */
export interface Who {
  readonly user: string;
  readonly groups: readonly string[];
}

/** One of each role, and a member of another tenant. The exporter is an account, whose groups the server knows. */
export const people = {
  tenant: { user: 'mei', groups: ['greenflops:tenant:copper-ai'] },
  other: { user: 'tao', groups: ['greenflops:tenant:ore-safe'] },
  operator: { user: 'lin', groups: ['greenflops:operators'] },
  auditor: { user: 'hua', groups: ['greenflops:auditors'] },
  /** What a tenant's pods run as */
  account: { user: 'system:serviceaccount:copper-train:default', groups: [] },
  exporter: { user: 'system:serviceaccount:greenflops:greenflops-exporter', groups: [] },
} as const satisfies Record<string, Who>;

/** kubectl's flags to speak for somebody. */
export const as = ({ user, groups }: Who): string[] => [
  `--as=${user}`,
  ...groups.map((group) => `--as-group=${group}`),
];

/** A command line's words; none of them holds a blank. */
export const words = (line: string): string[] => line.split(' ');
