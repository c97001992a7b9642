import type { HostId, JournalEntry, Plan, PlannedTrial, TrialRecord } from '../../types.js';

/** A void trial is repeated, up to this many attempts in all. */
export const ATTEMPTS = 3;

/** The journal entry before the agent of an attempt was started. */
export type Launched = Extract<JournalEntry, { event: 'launched' }>;

/** An attempt that was begun, with the last launch of each guest by its number. */
export interface LaunchedAttempt {
  readonly attempt: number;
  readonly launches: ReadonlyMap<number, Launched>;
}

/** The remaining work of a resumed run. */
export interface Unfinished {
  /** Trials without a final record, in the order of the plan. */
  readonly todo: readonly PlannedTrial[];
  /** Attempts whose agent was started and whose record is missing, by trial: they may have measured and are resumed. */
  readonly launched: Map<string, LaunchedAttempt>;
  /** The number of the last void attempt, by trial. */
  readonly voids: Map<string, number>;
}

/** Names of guests on these trials' hosts that may still be measuring; of one host, also when it is the other end. Pure. */
export function guestsLeft(plan: Plan, launched: Unfinished['launched'], host?: HostId): readonly string[] {
  const targets = plan.targets.filter((target) => host === undefined || target.host === host || target.peer === host);
  const trials = plan.trials.filter(({ target }) => targets.some(({ id }) => id === target));
  return trials.flatMap(({ id }) => [...(launched.get(id)?.launches.values() ?? [])].map(({ guest }) => guest));
}

/**
 * Compares a plan with its records and journal. A record is final unless it is void and attempts are left. Pure.
 */
export function unfinished(plan: Plan, records: readonly TrialRecord[], journal: readonly JournalEntry[]): Unfinished {
  const voids = new Map<string, number>();
  const finished = new Set<string>();
  const recorded = new Set<string>();
  for (const { trial, attempt, outcome } of records) {
    recorded.add(`${trial}.${attempt}`);
    if (outcome.status === 'void') voids.set(trial, Math.max(voids.get(trial) ?? 0, attempt));
    if (outcome.status !== 'void' || attempt >= ATTEMPTS) finished.add(trial);
  }
  const launched = new Map<string, LaunchedAttempt>();
  for (const entry of journal) {
    if (entry.event !== 'launched' || recorded.has(`${entry.trial}.${entry.attempt}`)) continue;
    if (finished.has(entry.trial)) continue;
    const { trial, attempt, guestNumber = 0 } = entry;
    const earlier = launched.get(trial);
    const launches = earlier?.attempt === attempt ? earlier.launches : [];
    launched.set(trial, { attempt, launches: new Map([...launches, [guestNumber, entry]]) });
  }
  return { todo: plan.trials.filter(({ id }) => !finished.has(id)), launched, voids };
}
