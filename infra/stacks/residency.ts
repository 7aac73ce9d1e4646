import { doors } from '../residency/doors.ts';
import { propagation } from '../residency/propagation.ts';
import type { Stack } from './stack.ts';

/**
 * On Karmada's API server: whither tenants' services and data may go. The policies come first, so that nothing is written
 * before it is said where it may go. A policy that goes leaves on the clusters what was handed on by it; a namespace that goes
 * takes that away everywhere.
 */
export const residency: Stack = {
  name: 'residency',
  on: ['karmada'],
  after: [],
  keep: false,
  objects: (cluster) => [...propagation(cluster), ...doors(cluster)],
};
