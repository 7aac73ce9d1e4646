import { expect, test } from 'vitest';
import { controls, matrix, type Declared } from '../../docs/compliance/matrix.ts';
import { declaredStacks } from '../../infra/declared.ts';
import { rows } from '../cluster/denials/rows/index.ts';

const shipped: readonly Declared[] = declaredStacks('plan').flatMap(({ objects }): readonly Declared[] => objects);
const without = (name: string) => shipped.filter(({ metadata }) => metadata.name !== name);
const cited = (objects: readonly Declared[]) => new Set(matrix(objects, 'en').flatMap(({ denials }) => denials));
const of = (policy: string) =>
  rows.filter(({ id, by }) => by === `policy ${policy}` && controls.some(({ denials }) => denials.includes(id)));

test('a policy that is not switched on is no evidence', () => {
  for (const { id } of of('tolerations')) {
    expect(cited(shipped)).toContain(id);
    expect(cited(without('greenflops-tolerations'))).not.toContain(id);
  }
  expect(of('tolerations').length).toBeGreaterThan(3);
  expect(of('queue').filter(({ id }) => cited(shipped).has(id))).toEqual([]);
});

test('every namespace that the declaration makes states its class', () => {
  const namespaces = declaredStacks('plan').flatMap(({ objects }) =>
    objects.filter(({ kind }) => kind === 'Namespace'),
  );
  expect(namespaces.map(({ metadata }) => metadata.name)).toContain('greenflops');
  for (const { metadata } of namespaces) expect(metadata.labels).toHaveProperty(['greenflops.io/data-class']);
});
