import { offeredPools } from './chips.ts';
import type { PolicyOf } from './policy.ts';
import { bookkeeping } from './workloads.ts';

const ours = (of: string) =>
  `namespaceObject.metadata.?labels[?('pool.greenflops.io/' + ${of}.deviceClassName)].orValue('') == 'true'`;

/** Claims name the class of a pool on which their namespace has a quota: a driver brings classes that no quota lists. */
export const deviceClasses: PolicyOf = (cluster) =>
  offeredPools(cluster).some(({ sharing }) => sharing.by === 'dra')
    ? {
        name: 'device-classes',
        title: { zh: '只申领本租户资源池的设备类', en: "claims are of their tenant's pools alone" },
        on: [
          {
            group: 'resource.k8s.io',
            resources: ['resourceclaims', 'resourceclaimtemplates'],
            operations: ['CREATE', 'UPDATE'],
          },
        ],
        where: 'tenants',
        unless: bookkeeping(cluster),
        variables: {
          // dyn: a claim or a template of one
          spec: "dyn(object).kind == 'ResourceClaim' ? dyn(object).spec : dyn(object).spec.spec",
          asked: 'variables.spec.?devices.?requests.orValue([])',
        },
        rules: [
          {
            allows:
              `variables.asked.all(one, (!has(one.exactly) || ${ours('one.exactly')}) && ` +
              `one.?firstAvailable.orValue([]).all(choice, ${ours('choice')}))`,
            message: {
              zh: '申领的设备类不属于本命名空间有配额的资源池：deviceClassName 请写本租户资源池的 id',
              en: 'a claimed device class is of no pool on which this namespace has a quota: write the id of a pool of your own as deviceClassName',
            },
          },
        ],
      }
    : undefined;
