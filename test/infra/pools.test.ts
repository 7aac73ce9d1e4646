import { expect, test } from 'vitest';
import { declaredStacks } from '../../infra/declared.ts';

test('the demonstration estate is eight stacks, each cluster with the site’s exporter', () => {
  expect(declaredStacks('plan').map(({ id }) => id)).toEqual(
    ['nc-a', 'py-a'].flatMap((cluster) =>
      ['guardrails', 'pools', 'ledger', 'telemetry'].map((stack) => `${cluster}-${stack}`),
    ),
  );
});
