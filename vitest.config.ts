import { defineConfig } from 'vitest/config';
import { lanes, machineTests } from './test/machine-tests.js';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // The default of one second is less than a busy machine may need.
    expect: { poll: { timeout: 20_000 } },
    // The compiled product, which tests import as it is: nothing is left to transform.
    server: { deps: { external: [/\/dist\/harness\//] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...machineTests],
          maxWorkers: 2,
          // The files of a worker share its modules: importing them for each file took as long as the tests. A unit test
          // therefore leaves no global state behind (the environment, the working directory, timers), and starts few processes:
          // forking a worker with all these modules takes a tenth of a second.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      ...Object.entries(lanes).map(([name, include], position) => ({
        extends: true as const,
        test: { name, include: [...include], fileParallelism: false, sequence: { groupOrder: position + 1 } },
      })),
    ],
  },
});
