import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/program-bundle.ts',
    setupFiles: mode === 'fuzz' ? [] : ['test/same-seed.ts'],
    pool: 'threads',
    // One processor is left free where there are some; of two that would be half, and the lab mostly waits.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Some property tests take 20 seconds on a busy machine.
    testTimeout: 90_000,
  },
}));
