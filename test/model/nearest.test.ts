import { expect, test } from 'vitest';
import { known, nearest } from '../../model/nearest.ts';

const chips = ['nvidia-a10', 'nvidia-a100-sxm', 'nvidia-a800-sxm', 'ascend-910b3'];

test('a name that was cut short is completed, though another one is fewer edits away', () => {
  expect(nearest('nvidia-a80', chips)).toBe('nvidia-a800-sxm');
});

test('a misspelt name is the one with the fewest edits', () => {
  expect(nearest('acsend-910b3', chips)).toBe('ascend-910b3');
  expect(nearest('nvidia-a100-smx', chips)).toBe('nvidia-a100-sxm');
});

test('nothing is suggested that is another word', () => {
  expect(nearest('mlu590', chips)).toBeUndefined();
  expect(nearest('x', [])).toBeUndefined();
});

test('long lists are cut, and say how long they are', () => {
  const names = Array.from({ length: 13 }, (_, i) => `n${i}`);
  expect(known(names.slice(0, 12))).toBe('n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11');
  expect(known(names)).toBe('n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, … (13)');
});
