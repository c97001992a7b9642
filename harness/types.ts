/**
 * The nouns of the product, as types. Suites and reports may import this file. Durations carry their unit in
 * their name; sizes are bytes; instants are ISO 8601 in UTC unless a name ends in `Ns`, which is CLOCK_MONOTONIC of the
 * machine that wrote it.
 */

export type * from './types/names.js';
export type * from './types/machine.js';
export type * from './types/system.js';
export type * from './types/step.js';
export type * from './types/raw.js';
export type * from './types/suite.js';
export type * from './types/workload.js';
export type * from './types/problem.js';
export type * from './types/plan.js';
export type * from './types/record.js';
