import type { Part } from '../part.ts';

export const pools: Part = { name: 'pools', checks: async () => [] };
