import type { KubernetesObject } from '../kubernetes.ts';
import { keyOf, nameOf } from './key.ts';
import type { Kubectl } from './kubectl.ts';
import type { Line } from './line.ts';
import type { Live } from './live.ts';
import { openings } from './openings.ts';
import { subjectsOf } from './subjects-of.ts';

const KINDS = 'networkpolicies.networking.k8s.io,rolebindings.rbac.authorization.k8s.io';

/** NetworkPolicies and RoleBindings in tenants' namespaces that the declaration has not: they add to what it allows. */
export async function strangersIn(
  kubectl: Kubectl,
  namespaces: readonly Live[],
  declared: readonly KubernetesObject[],
): Promise<readonly Live[]> {
  const tenants = new Set(
    namespaces.flatMap(({ metadata: { name, labels } }) =>
      labels?.['greenflops.io/tenant'] === undefined ? [] : [name],
    ),
  );
  const keys = new Set(declared.map(keyOf));
  const found = await kubectl.items<Live>(['get', KINDS, '-A', '-l', 'app.kubernetes.io/managed-by!=greenflops']);
  return found.filter((one) => tenants.has(one.metadata.namespace ?? '') && !keys.has(keyOf(one)));
}

/** What each of them opens. */
export const strangerLines = (strangers: readonly Live[]): Line[] =>
  strangers.flatMap((one): Line[] => {
    const name = nameOf(one);
    if (one.kind === 'RoleBinding') {
      const { kind, name: role } = (one as unknown as { roleRef: { kind: string; name: string } }).roleRef;
      const who = subjectsOf(one).join(' ');
      return [
        {
          subject: 'strange',
          text: {
            zh: `${name} 把 ${kind} ${role} 授予 ${who}；部署不动它`,
            en: `${name} gives ${kind} ${role} to ${who}; no deploy touches it`,
          },
          danger: true,
        },
      ];
    }
    const opens = openings(one).join(' ');
    return [
      {
        subject: 'strange',
        text:
          opens === ''
            ? { zh: `${name}，不放行任何流量；部署不动它`, en: `${name}, which opens nothing; no deploy touches it` }
            : { zh: `${name} 放行 ${opens}；部署不动它`, en: `${name} opens ${opens}; no deploy touches it` },
        ...(opens !== '' && { danger: true }),
      },
    ];
  });
