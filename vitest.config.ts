import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The plain count comes first in the list, so that it is printed behind the summary.
    reporters: ['default', './test/plain-count.ts'],
    setupFiles: ['./test/property-seed.ts'],
    globalSetup: ['test/e2e/build.ts'],
    // Half of the time tests wait for programs that they start: on two cores one worker would leave one idle.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
