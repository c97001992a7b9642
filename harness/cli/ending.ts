import { describeProblem } from '../errors.js';
import { gates } from '../run/gates/index.js';
import type { GateReading, LoadedRun, Problem, TrialRecord } from '../types.js';
import { counted } from '../../reports/narrative/format.js';

/** Why trials of a run have no values: one cause of several trials. */
interface Cause {
  readonly status: 'void' | 'failed';
  readonly trials: number;
  /** Of the trial that was the furthest beyond the limit, or of the first one. */
  readonly example: string;
  readonly remedy?: string;
}

/** Causes of at most this many kinds are listed. */
const MAX_CAUSES = 6;

/**
 * What became of the trials without values, grouped by cause, and what to do about it; no line where all were collected.
 * Trials are judged by their last attempt. `problems`: those that were reported and belong to no trial. Pure.
 */
export function describeCauses(
  { id, records, stored }: Pick<LoadedRun, 'id' | 'records' | 'stored'>,
  problems: readonly Problem[],
): readonly string[] {
  const last = new Map(records.map((record) => [record.trial, record]));
  const causes = causesOf([...last.values()]);
  const lines = causes
    .slice(0, MAX_CAUSES)
    .flatMap(({ status, trials, example, remedy }) => [
      `${counted(trials, 'trial')} ${status}: ${example}`,
      ...(remedy === undefined ? [] : [`  what to do: ${remedy}`]),
    ]);
  if (causes.length > MAX_CAUSES) lines.push(`and ${causes.length - MAX_CAUSES} other causes: bench show ${id} TRIAL`);
  const without = stored.plan.trials.filter((trial) => !last.has(trial.id)).length;
  const stopped = [...new Set(problems.map(describeProblem))].slice(0, MAX_CAUSES);
  if (without > 0 && stopped.length > 0) {
    lines.push(`${counted(without, 'trial')} not measured:`, ...stopped.map((what) => `  ${what}`));
  }
  const collected = [...last.values()].some(({ outcome }) => outcome.status === 'collected');
  if (!collected && causes.length > 0) lines.unshift('nothing was measured:');
  return lines;
}

/** The most frequent first. */
function causesOf(records: readonly TrialRecord[]): readonly Cause[] {
  const groups = new Map<string, { cause: Cause; beyond: number }>();
  const add = (key: string, cause: Omit<Cause, 'trials'>, beyond = 0): void => {
    const known = groups.get(key);
    const trials = (known?.cause.trials ?? 0) + 1;
    const worse = known === undefined || beyond > known.beyond;
    groups.set(key, {
      cause: { ...(worse ? cause : known.cause), trials },
      beyond: Math.max(beyond, known?.beyond ?? 0),
    });
  };
  for (const { outcome, gates: readings = [] } of records) {
    if (outcome.status === 'failed') {
      const { hint, ...problem } = outcome.problem;
      const remedy = hint === undefined ? {} : { remedy: hint };
      // Numbers (times, processes) differ from trial to trial.
      const key = `failed ${describeProblem(problem).replaceAll(/\d+/g, '#')}`;
      add(key, { status: 'failed', example: describeProblem(problem), ...remedy });
    }
    if (outcome.status !== 'void') continue;
    const [reading] = readings.filter(({ verdict }) => verdict === 'void');
    if (reading === undefined)
      add(`void ${outcome.reason.replaceAll(/\d+/g, '#')}`, { status: 'void', example: outcome.reason });
    else add(`void ${reading.gate}`, causeOf(reading), Math.abs((reading.value ?? 0) - reading.limit));
  }
  return [...groups.values()].map(({ cause }) => cause).sort((a, b) => b.trials - a.trials);
}

function causeOf({ gate, detail }: GateReading): Omit<Cause, 'trials'> {
  const remedy = gates.find(({ id }) => id === gate)?.remedy;
  return { status: 'void', example: `${gate}: ${detail}`, ...(remedy === undefined ? {} : { remedy }) };
}
