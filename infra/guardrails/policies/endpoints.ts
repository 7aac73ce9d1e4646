import type { PolicyOf } from './policy.ts';
import { byControllers } from './workloads.ts';

/** Endpoints written by hand lead a Service to any address, another namespace's pods among them (CVE-2021-25740). */
export const endpoints: PolicyOf = (cluster) => ({
  name: 'endpoints',
  title: { zh: '服务的端点只由控制器写入', en: 'controllers alone write the endpoints of services' },
  on: [
    { group: '', resources: ['endpoints'], operations: ['CREATE', 'UPDATE'] },
    { group: 'discovery.k8s.io', resources: ['endpointslices'], operations: ['CREATE', 'UPDATE'] },
  ],
  where: 'tenants',
  unless: { 'not-by-controllers': byControllers(cluster) },
  rules: [
    {
      allows: 'false',
      message: {
        zh: '用户 {user} 不得手工写端点，否则服务会通向任意地址：请用 Service 的 selector 选择本命名空间的 Pod',
        en: 'user {user} may not write endpoints, by which a service would lead to any address: select pods of this namespace by the selector of the Service',
      },
      values: { user: 'request.userInfo.username' },
    },
  ],
});
