import type { Trial } from '../model/types.js';

/** A notice that trials of the plans have not been run yet; null when all were. Attempts at one trial count once. */
export function describePartial(trials: readonly Pick<Trial, 'run' | 'trial' | 'status'>[]): string | null {
  const all = new Set<string>();
  const pending = new Set<string>();
  for (const { run, trial, status } of trials) {
    all.add(`${run} ${trial}`);
    if (status === 'pending') pending.add(`${run} ${trial}`);
  }
  if (pending.size === 0) return null;
  const done = all.size - pending.size;
  return `${done} of ${all.size} trials have been run. All numbers are from these; they change as the others follow.`;
}
