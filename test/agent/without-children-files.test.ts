import { describe } from 'vitest';
import { useKernel } from './fixture.js';

/** The tests of steps again, where the agent adopts orphans and /proc lists no children. */
describe('the agent on Linux 4.9 without CONFIG_PROC_CHILDREN', async () => {
  useKernel('4.9');
  await import('./trial.test.js');
});
