import type { Pool } from '../../model/schema/estate.ts';
import type { CustomObject } from '../kubernetes.ts';
import { named, names } from '../labels.ts';

/**
 * The devices of the pool for claims (dynamic resource allocation, resource.k8s.io/v1): those of the driver that the estate
 * names, and of them what its selector takes. The driver's own class stays closed to tenants by their quota.
 */
export const deviceClass = ({ id, name, sharing }: Pool): CustomObject[] =>
  sharing.by === 'dra'
    ? [
        {
          apiVersion: 'resource.k8s.io/v1',
          kind: 'DeviceClass',
          metadata: named(id, undefined, name && names(name)),
          spec: {
            selectors: [`device.driver == '${sharing.driver}'`, ...(sharing.selector ? [sharing.selector] : [])].map(
              (expression) => ({ cel: { expression } }),
            ),
          },
        },
      ]
    : [];
