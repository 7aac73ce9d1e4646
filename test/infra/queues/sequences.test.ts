import { expect, test } from 'vitest';
import { modelOf, rendered } from './modelled.ts';
import { province } from './province.ts';
import { modelled, sequences } from './sequences.ts';

const nanchang = rendered(province).all.get('nc-a');
if (!nanchang) throw new Error('no nc-a');

test.each(sequences)('$title', ({ steps }) => {
  const model = modelOf(nanchang);
  const jobs = new Set<string>();
  for (const { submit, end, admitted } of steps) {
    if (submit) {
      model.submit(modelled(submit));
      jobs.add(submit.name);
    }
    if (end !== undefined) {
      model.finish(end);
      jobs.delete(end);
    }
    model.settle();
    expect([...jobs].filter((name) => model.verdict(name).state === 'admitted').toSorted()).toEqual(admitted);
  }
});
