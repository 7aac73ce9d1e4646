import type { Part } from '../part.ts';

export const denials: Part = { name: 'denials', checks: async () => [] };
