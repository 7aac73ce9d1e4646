import type { Part } from '../part.ts';

export const doctor: Part = { name: 'doctor', checks: async () => [] };
