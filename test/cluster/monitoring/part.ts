import type { Part } from '../part.ts';

export const monitoring: Part = { name: 'monitoring', checks: async () => [] };
