import assert from 'node:assert/strict';
import type { Check } from '../tally.ts';
import type { Stage } from './stage.ts';

interface Policies {
  readonly items: readonly { readonly spec: Readonly<Record<string, unknown>> }[];
}

/** A policy that selects every pod and lets nothing in or out. Whether it is enforced is the network plugin's; none runs here. */
async function defaultDeny(stage: Stage): Promise<void> {
  const namespaces = stage.objects('Namespace').map(({ metadata }) => metadata.name);
  assert.ok(namespaces.length > 1, 'namespaces are rendered');
  for (const namespace of namespaces) {
    const { items } = JSON.parse(
      await stage.accepted(['get', 'networkpolicy', '-n', namespace, '-o', 'json']),
    ) as Policies;
    const everything = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
    assert.ok(
      items.some(({ spec }) => JSON.stringify(spec) === JSON.stringify(everything)),
      `no policy in ${namespace} denies everything: ${JSON.stringify(items.map(({ spec }) => spec))}`,
    );
  }
}

export const isolationChecks = (stage: Stage): Check[] => [
  [`${stage.cluster}: every namespace has a policy that denies all traffic`, () => defaultDeny(stage)],
];
