import type { Tenant } from './schema/estate.ts';

/** The groups of the clusters' users that have a tenant's role. */
export const membersOf = ({ id, members }: Tenant): readonly string[] => members ?? [`greenflops:tenant:${id}`];
