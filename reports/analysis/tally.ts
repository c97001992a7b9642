import { benchmarkKey, type Loaded } from '../read/load.js';
import type { Note } from '../model/note.js';
import type { CellState } from '../model/states.js';
import type { Cell, Trial } from '../model/types.js';

/** What became of the trials of one system and suite, and of single metrics in them. */
export interface Tally {
  readonly trials: readonly Trial[];
  readonly counts: Readonly<Record<Trial['status'], number>>;
  /** By metric without suite: reasons, one a trial in which it is missing. */
  readonly missing: ReadonlyMap<string, readonly string[]>;
  /** Metrics that the trials promised; empty when no trial was launched. */
  readonly promised: ReadonlySet<string>;
}

export type Tallies = ReadonlyMap<string, Tally>;

/** One pass over all trials. */
export function tallyTrials(loaded: Loaded): Tallies {
  const groups = new Map<string, Trial[]>();
  for (const trial of loaded.trials) {
    const key = benchmarkKey(trial.system, trial.benchmark);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trial]);
    else group.push(trial);
  }
  return new Map([...groups].map(([key, group]) => [key, tally(group, loaded.metrics.get(key) ?? new Set())]));
}

function tally(trials: readonly Trial[], promised: ReadonlySet<string>): Tally {
  const counts = { collected: 0, failed: 0, void: 0, skipped: 0, pending: 0 };
  const missing = new Map<string, string[]>();
  for (const trial of trials) {
    counts[trial.status] += 1;
    for (const { metric, why } of trial.missing) {
      const reasons = missing.get(metric);
      if (reasons === undefined) missing.set(metric, [why]);
      else reasons.push(why);
    }
  }
  return { trials, counts, missing, promised };
}

/** How many trials ended how for one metric; `value` of them are in the cell. */
export function countsFor(tally: Tally | undefined, metric: string, value: number): Cell['trials'] {
  const { failed = 0, void: voided = 0, skipped = 0, pending = 0 } = tally?.counts ?? {};
  return { value, missing: tally?.missing.get(metric)?.length ?? 0, failed, void: voided, skipped, pending };
}

/** Why a metric of a suite has no value where its trials went well: the tools there do not cover it. */
export const UNASKED = 'not measured: no step of these trials measures it';

/** State and reason of a cell without any value: the gravest of what happened, and what it was. */
export function absence(
  tally: Tally | undefined,
  metric: string,
): { state: Exclude<CellState, 'value' | 'stated'>; why: string } {
  if (tally === undefined) return { state: 'missing', why: 'not measured: no trial of this suite' };
  if (tally.promised.size > 0 && !tally.promised.has(metric)) return { state: 'missing', why: UNASKED };
  if (tally.counts.collected > 0) {
    const reasons = tally.missing.get(metric) ?? [];
    if (reasons.length > 0) return { state: 'missing', why: frequent(reasons) };
    const unread = tally.trials.filter((trial) => trial.status === 'collected' && trial.why !== null);
    if (unread.length > 0) return { state: 'missing', why: frequent(unread.map((trial) => trial.why ?? '')) };
    return { state: 'missing', why: UNASKED };
  }
  for (const state of ['failed', 'void', 'skipped'] as const) {
    if (tally.counts[state] > 0) return { state, why: reasonsOf(tally, state) };
  }
  return { state: 'missing', why: reasonsOf(tally, 'pending') };
}

/** Notes on a cell that has values: what became of the trials that are not behind it. */
export function notesOf(tally: Tally | undefined, metric: string): Note[] {
  if (tally === undefined) return [];
  const of = tally.trials.length;
  const notes: Note[] = [];
  for (const state of ['failed', 'void', 'skipped', 'pending'] as const) {
    const count = tally.counts[state];
    if (count === 0) continue;
    notes.push({ kind: 'trials without value', status: state, trials: count, of, why: reasonsOf(tally, state) });
  }
  const reasons = tally.missing.get(metric) ?? [];
  if (reasons.length > 0) notes.push({ kind: 'value missing', trials: reasons.length, of, why: frequent(reasons) });
  return notes;
}

function reasonsOf(tally: Tally, status: Trial['status']): string {
  return frequent(
    tally.trials.filter((trial) => trial.status === status).map((trial) => trial.why ?? 'no reason given'),
  );
}

/** Distinct reasons, the most frequent first, at most two in full. */
function frequent(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const ordered = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = ordered.slice(0, 2).map(([reason, count]) => (count > 1 ? `${reason} (${count} times)` : reason));
  const rest = ordered.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more reasons`] : [])].join('; ');
}
