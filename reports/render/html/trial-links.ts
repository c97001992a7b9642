import type { Report } from '../../model/document.js';
import type { Cell } from '../../model/types.js';

/** Ids of the lists of trials in the page: a number links to the list that it was computed from. */
export interface TrialLinks {
  /** Of the trials of a benchmark on a system; empty where there is none. */
  listOf(cell: Pick<Cell, 'system' | 'benchmark'>): string;
}

/** In the order of the trials, so that an id needs nothing that a record holds. */
export function trialLinks({ trials }: Pick<Report, 'trials'>): TrialLinks {
  const ids = new Map<string, string>();
  for (const { system, benchmark } of trials) {
    const key = JSON.stringify([system, benchmark]);
    if (!ids.has(key)) ids.set(key, `trials-${ids.size + 1}`);
  }
  return { listOf: ({ system, benchmark }) => ids.get(JSON.stringify([system, benchmark])) ?? '' };
}
