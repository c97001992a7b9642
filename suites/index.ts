import type { Suite } from '../harness/types.js';

/** Every suite, in the order in which reports show them. A new suite is one folder and one line here. */
export const suites = [] as const satisfies readonly Suite[];
