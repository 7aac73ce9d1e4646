import type { PolicyOf } from './policy.ts';
import { bookkeeping, byControllers, pod, workloads } from './workloads.ts';

const is = (...kinds: string[]) => kinds.map((kind) => `dyn(object).kind == '${kind}'`).join(' || ');

/** Pods get a token where they ask for one in so many words: a projected volume, with its audience and its hour. */
export const tokens: PolicyOf = (cluster) => ({
  name: 'tokens',
  title: { zh: '不自动挂载令牌，不存长期令牌', en: 'no token is mounted by itself, none lives for ever' },
  on: [
    ...workloads,
    { group: '', resources: ['serviceaccounts'], operations: ['CREATE', 'UPDATE'] },
    { group: '', resources: ['secrets'], operations: ['CREATE'] },
  ],
  where: 'tenants',
  unless: {
    ...bookkeeping(cluster),
    'not-of-controllers': `(${is('ServiceAccount', 'Secret')}) && (${byControllers(cluster)})`,
  },
  variables: { pod: `${is('ServiceAccount', 'Secret')} ? dyn({'spec': {}}) : ${pod}` },
  rules: [
    {
      allows: '!variables.pod.spec.?automountServiceAccountToken.orValue(false)',
      message: {
        zh: '不得自动挂载服务账号令牌：请去掉 automountServiceAccountToken: true，需要时用 projected 卷中的 serviceAccountToken',
        en: 'no service account token may be mounted by itself: leave out automountServiceAccountToken: true, and where it is needed use serviceAccountToken in a projected volume',
      },
    },
    {
      allows: `!(${is('ServiceAccount')}) || !dyn(object).?automountServiceAccountToken.orValue(true)`,
      message: {
        zh: '服务账号会自动挂载令牌：请写 automountServiceAccountToken: false',
        en: 'the service account would have its token mounted by itself: write automountServiceAccountToken: false',
      },
    },
    {
      allows: `!(${is('Secret')}) || dyn(object).?type.orValue('') != 'kubernetes.io/service-account-token'`,
      message: {
        zh: '不得建立长期有效的服务账号令牌：请用 kubectl create token，或 projected 卷中的 serviceAccountToken',
        en: 'no token of a service account may live for ever: use kubectl create token, or serviceAccountToken in a projected volume',
      },
    },
  ],
});
