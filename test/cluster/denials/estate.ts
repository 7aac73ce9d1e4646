import assert from 'node:assert/strict';
import { NEXT } from './rows/namespaces.ts';

type Change = readonly [from: string, to: string];
const changed = (estate: string, changes: readonly Change[]): string =>
  changes.reduce((text, [from, to]) => {
    const next = text.replace(from, to);
    assert.notEqual(next, text, `the proving estate does not hold ${from}`);
    return next;
  }, estate);

/** A manager, and a tenant whose jobs it hands out; no exporter's site or pool is different for it. */
const province: readonly Change[] = [
  [
    '\npools:\n',
    `  - id: province
    site: nanchang
    context: province
    jurisdiction: jiangxi
    data_classes: [general, important]
    role: manager
    kueue: { enabled: true }

pools:
`,
  ],
  ['    site: nanchang\n    context: prove\n', '    site: nanchang\n    exporter: true\n    context: prove\n'],
  [
    '\ndatasets:\n',
    `  - id: small-firms
    action: technological-innovation
    namespaces: [small-firms]
    data_class: general
    quota: [{ pflops: 1 }]

datasets:
`,
  ],
];

/** A namespace that a tenant is promised, for rows that make one. */
const promised: Change = ['[copper-train, copper-serve]', `[copper-train, copper-serve, ${NEXT}]`];

/** The proving estate in which everything is demanded and nothing added, so that what is missing is refused. */
export const denying = (estate: string): string =>
  changed(estate, [promised, ...province, ['kueue: { enabled: true', 'kueue: { defaults: demanded, enabled: true']]);

/** The same, in which what is missing is added. */
export const adding = (estate: string): string => changed(estate, [promised, ...province]);
