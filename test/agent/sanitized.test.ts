import { describe } from 'vitest';
import { sanitizerProblem, useSanitizers } from './fixture.js';

const problem = await sanitizerProblem();
const title = 'the agent with AddressSanitizer and UndefinedBehaviorSanitizer';

/** The tests of the other two files again, with an agent that ends at the first memory error. */
describe.skipIf(problem !== undefined)(problem === undefined ? title : `${title} (skipped: ${problem})`, async () => {
  useSanitizers();
  await import('./trial.test.js');
  await import('./lifecycle.test.js');
});
