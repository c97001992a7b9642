import type { TrialRecord } from '../types.js';
import { ATTEMPTS } from './trial/unfinished.js';

/** How a trial of a plan ended. `unneeded`: its metrics were known precisely enough; `skipped`: it has no record. */
type Ending = 'collected' | 'failed' | 'voided' | 'skipped' | 'unneeded';

/** Trials of a run by how they ended, those of earlier processes included. */
export type Tally = Readonly<Record<Ending, number>>;

/** Counts trials, not attempts: a void attempt that is repeated is no ending. */
export interface Outcomes {
  /** Takes a record of an attempt, in the order in which attempts were made. */
  record(record: Pick<TrialRecord, 'trial' | 'attempt' | 'outcome'>): void;
  /** A trial could not be begun, or not be ended. */
  skip(trial: string): void;
  /** Trials that have ended. */
  done(): number;
  tally(): Tally;
}

export function watchOutcomes(earlier: readonly TrialRecord[] = []): Outcomes {
  const endings = new Map<string, Ending>();
  const record: Outcomes['record'] = ({ trial, attempt, outcome: { status } }) => {
    if (status === 'void') {
      if (attempt >= ATTEMPTS) endings.set(trial, 'voided');
    } else {
      // The only records of skipped trials are those that `skipIfPrecise` writes.
      endings.set(trial, status === 'skipped' ? 'unneeded' : status);
    }
  };
  for (const each of earlier) record(each);
  return {
    record,
    skip: (trial) => void endings.set(trial, 'skipped'),
    done: () => endings.size,
    tally() {
      const counts = { collected: 0, failed: 0, voided: 0, skipped: 0, unneeded: 0 };
      for (const ending of endings.values()) counts[ending] += 1;
      return counts;
    },
  };
}
