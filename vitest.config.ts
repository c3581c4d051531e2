import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const TESTS = 'test/**/*.test.ts';
/** They put something in the place of a module, which no other file may see. */
const ALONE = 'test/**/*.alone.test.ts';

export default defineConfig({
  test: {
    globalSetup: 'test/program-bundle.ts',
    pool: 'threads',
    // One processor is left free where there are some; of two that would be half, and the lab mostly waits.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Some property tests take 20 seconds on a busy machine.
    testTimeout: 90_000,
    projects: [
      // The sources are loaded once in each thread: for each file again, that was a tenth of the time.
      { extends: true, test: { name: 'together', include: [TESTS], exclude: [ALONE], isolate: false } },
      { extends: true, test: { name: 'alone', include: [ALONE] } },
    ],
  },
});
