import type { Part } from '../part.ts';

export const roles: Part = { name: 'roles', checks: async () => [] };
