import type { Part } from '../part.ts';

export const change: Part = { name: 'change', checks: async () => [] };
