import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Long, and with servers that are not npm packages: each has an npm script of its own.
    exclude: [
      ...configDefaults.exclude,
      ...['peers', 'crash', 'mutations', 'cluster'].map((name) => `test/${name}/**`),
    ],
    pool: 'forks', // one process a file: node:sqlite's locks and the twin's sockets end with it
    reporters: ['default'], // its last lines hold the counts that .ci/run reads
    maxWorkers: 2, // many of them wait for processes; one fewer than the cores would be one at a time on two
    testTimeout: 60_000, // for machines that are slow or shared: no test measures time by it
    hookTimeout: 60_000,
  },
});
