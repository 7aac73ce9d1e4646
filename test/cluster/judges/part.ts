import type { Part } from '../part.ts';

export const judges: Part = { name: 'judges', checks: async () => [] };
