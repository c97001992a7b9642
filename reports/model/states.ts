/** The closed lists of words that a report uses, each once; their types derive from them. */

/** Where a trial comes from: measured by this harness, imported from other output, or taken from a publication. */
export const origins = ['measured', 'imported', 'published'] as const;
export type Origin = (typeof origins)[number];

/** What became of a trial; `pending` is planned and not run yet. */
export const trialStatuses = ['collected', 'failed', 'void', 'skipped', 'pending'] as const;
export type TrialStatus = (typeof trialStatuses)[number];

/**
 * What became of a cell. Only `value` has numbers of its own; `stated` is of a publication that prints none and describes the
 * quantity in its text.
 */
export type CellState = 'value' | 'stated' | 'missing' | Exclude<TrialStatus, 'collected' | 'pending'>;

/**
 * What a cell or claim concludes about the published value, in the order of summaries; `not judged` where there is no
 * published value to reproduce.
 */
export const verdicts = [
  'reproduced',
  'contradicted',
  'inconclusive',
  'not comparable',
  'not measured',
  'not judged',
] as const;
export type Verdict = (typeof verdicts)[number];
