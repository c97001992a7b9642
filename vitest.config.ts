import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // Two cores: what drives real machines runs a file at a time, and the machine's own noise stays low.
    fileParallelism: false,
  },
});
