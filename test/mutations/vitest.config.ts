import { defineConfig } from 'vitest/config';

/** Any test by its name, without the counts and limits of `npm test`. */
export default defineConfig({ test: { include: ['test/**/*.test.ts'], pool: 'forks', testTimeout: 60_000 } });
