import { deployment, pod, secret } from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, lin } from '../people.ts';
import type { Row } from '../row.ts';

const account = (name: string, automount?: boolean) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name },
  ...(automount !== undefined && { automountServiceAccountToken: automount }),
});
const mounted =
  '不得自动挂载服务账号令牌：请去掉 automountServiceAccountToken: true，需要时用 projected 卷中的 serviceAccountToken / no service account token may be mounted by itself: leave out automountServiceAccountToken: true, and where it is needed use serviceAccountToken in a projected volume';
const unmounted =
  '服务账号会自动挂载令牌：请写 automountServiceAccountToken: false / the service account would have its token mounted by itself: write automountServiceAccountToken: false';
const long =
  '不得建立长期有效的服务账号令牌：请用 kubectl create token，或 projected 卷中的 serviceAccountToken / no token of a service account may live for ever: use kubectl create token, or serviceAccountToken in a projected volume';
const projected = {
  volumes: [
    { name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }] } },
  ],
};

export const tokenRows: readonly Row[] = [
  pair('token-mounted', {
    who: lin,
    policy: 'tokens',
    says: mounted,
    bad: pod('token-mounted', { automountServiceAccountToken: true }),
    good: pod('token-mounted', projected),
  }),
  pair('token-mounted-in-a-template', {
    who: lin,
    policy: 'tokens',
    says: mounted,
    bad: deployment('token-mounted-in-a-template', { spec: { automountServiceAccountToken: true } }),
    good: deployment('token-mounted-in-a-template', { spec: projected }),
  }),
  pair('account-that-mounts-its-token', {
    who: admin,
    policy: 'tokens',
    says: unmounted,
    bad: account('account-that-mounts-its-token'),
    good: account('account-that-mounts-its-token', false),
  }),
  pair('token-for-ever', {
    who: lin,
    policy: 'tokens',
    says: long,
    bad: secret(
      'token-for-ever',
      {},
      {
        type: 'kubernetes.io/service-account-token',
        metadata: { name: 'token-for-ever', annotations: { 'kubernetes.io/service-account.name': 'default' } },
      },
    ),
    good: secret('token-for-ever', {}, { type: 'Opaque' }),
  }),
];
