import type { Tenant } from '../../model/schema/estate.ts';
import type { Cluster } from '../cluster.ts';
import type { Labels, NetworkPolicy, Port } from '../kubernetes.ts';
import { names, ownKeys } from '../labels.ts';
import { policy, tenantNamespaces } from './network.ts';

type Egress = Tenant['egress'][number];
type ToTenant = Extract<Egress, { tenant: string }>;
type ToAddresses = Extract<Egress, { cidr: string }>;

/**
 * What a tenant's namespace lets out and in besides its own tenant's traffic: what the estate declares as `egress`, the
 * other tenant's side of it, and nothing else. A tenant that has no namespace on this cluster is none of its business.
 * The policies are in the order of their names, so that the order of the estate changes nothing.
 */
export function declaredTraffic(cluster: Cluster, tenant: Tenant, namespace: string): NetworkPolicy[] {
  const here = new Set(cluster.tenants.map(({ id }) => id));
  const toTenants = portsByTenant(tenant, ({ tenant: to }) => to !== tenant.id && here.has(to));
  const out = [...toTenants].map(([to, ports]) =>
    policy(`to-tenant-${to}`, namespace, { policyTypes: ['Egress'], egress: [{ to: [tenantNamespaces(to)], ports }] }),
  );
  const into = cluster.tenants
    .filter(({ id }) => id !== tenant.id)
    .flatMap((sender) =>
      [...portsByTenant(sender, ({ tenant: to }) => to === tenant.id).values()].map((ports) =>
        policy(`from-tenant-${sender.id}`, namespace, {
          policyTypes: ['Ingress'],
          ingress: [{ from: [tenantNamespaces(sender.id)], ports }],
        }),
      ),
    );
  const outside = [...Map.groupBy(tenant.egress.filter(isToAddresses), ({ cidr }) => cidr.toLowerCase())].map(
    ([cidr, rows]) => toAddresses(namespace, cidr, rows),
  );
  return [...out, ...into, ...outside].toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

const isToTenant = (egress: Egress): egress is ToTenant => 'tenant' in egress;
const isToAddresses = (egress: Egress): egress is ToAddresses => 'cidr' in egress;

/** The ports that a tenant declares towards each other tenant. Pods among each other speak TCP. */
const portsByTenant = ({ egress }: Tenant, wanted: (row: ToTenant) => boolean): Map<string, Port[]> =>
  new Map(
    [...Map.groupBy(egress.filter(isToTenant).filter(wanted), ({ tenant }) => tenant)].map(([to, rows]) => [
      to,
      portsOf(rows.map(({ ports }) => ({ ports, protocol: 'TCP' }))),
    ]),
  );

/** Of one range of addresses, with what may go there, under whose law it lies, and why it was opened. */
function toAddresses(namespace: string, cidr: string, rows: readonly ToAddresses[]): NetworkPolicy {
  const all = (field: (row: ToAddresses) => string, by = ', ') => [...new Set(rows.map(field))].join(by);
  const annotations: Labels = {
    ...ownKeys({ 'data-class': all((row) => row.data_class), jurisdiction: all((row) => row.jurisdiction) }),
    ...names({ zh: all(({ reason }) => reason.zh, '；'), en: all(({ reason }) => reason.en, '; ') }, 'reason'),
  };
  // '.' would vanish from Terraform's id, and 1.10.0.0 become 11.0.0.0.
  const name = `to-cidr-${cidr.replace(/[.:/]/g, '-')}`;
  const spec = {
    policyTypes: ['Egress'] as const,
    egress: [{ to: [{ ipBlock: { cidr } }], ports: portsOf(rows) }],
  };
  return policy(name, namespace, spec, annotations);
}

/** Each port once, TCP before UDP, the lowest first. */
function portsOf(rows: readonly { readonly ports: readonly number[]; readonly protocol: Port['protocol'] }[]): Port[] {
  const every = rows.flatMap(({ ports, protocol }) => ports.map((port): Port => ({ protocol, port })));
  return [...new Map(every.map((one) => [`${one.protocol}/${one.port}`, one])).values()].toSorted(
    (a, b) => a.protocol.localeCompare(b.protocol) || a.port - b.port,
  );
}
