import { z } from 'zod';
import { parseCidr } from '../cidr.ts';
import { slug } from './common.ts';
import { dataClass } from './data-class.ts';
import { reason, title } from './kubernetes.ts';

const ports = z.array(z.int().min(1).max(65535)).min(1);

/** Whither a tenant's pods may send besides each other and DNS: pods of another tenant, or addresses outside with their clearance. */
const egress = z.union([
  z.strictObject({ tenant: slug, ports }),
  z.strictObject({
    cidr: z
      .union([z.cidrv4(), z.cidrv6()], { error: 'cidr' })
      .refine((cidr) => !parseCidr(cidr).mapped, { error: 'cidr_mapped', abort: true })
      .refine((cidr) => parseCidr(cidr).host === 0n, { error: 'cidr_host' }),
    ports,
    protocol: z.enum(['TCP', 'UDP']).default('TCP'),
    /** The most that may be sent there, and under whose law it lies */
    data_class: dataClass,
    jurisdiction: slug,
    reason,
  }),
]);

export const tenant = z.strictObject({
  id: slug,
  name: title.optional(),
  action: slug,
  namespaces: z.array(slug).min(1),
  data_class: dataClass,
  group: slug.optional(),
  priority: z.enum(['low', 'normal', 'high', 'urgent']).default('normal'),
  /** Groups of the cluster's users that have the tenant's role. @default greenflops:tenant:<id> */
  members: z.array(z.string().min(1)).min(1).optional(),
  quota: z
    .array(
      z.strictObject({
        /** Of this pool; of any pool of a cluster; of any that Kueue may give, where neither is named */
        pool: slug.optional(),
        cluster: slug.optional(),
        /** Of a pool shared by slices: which of them */
        slice: z.string().min(1).optional(),
        pflops: z.number().positive(),
      }),
    )
    .default([]),
  borrow_pflops: z.number().min(0).default(0),
  /** true: its services may be node ports and load balancers, which are ways in past the operators' gateway */
  expose: z.boolean().optional(),
  egress: z.array(egress).default([]),
});
