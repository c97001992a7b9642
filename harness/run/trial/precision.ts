import { benchmarkOf } from '../../trial/benchmark.js';
import { readTrial, type TrialReading } from '../../trial/read-trial.js';
import type { LoadedRun, Plan, PlannedTrial, TargetId, TrialRecord } from '../../types.js';
import type { World } from '../session/world.js';

/** Width of the 95 % interval of the mean of values, over the mean; undefined where there is no interval. */
export type RelativeWidth = (values: readonly number[]) => number | undefined;

type Rule = NonNullable<Plan['precision']>;

/** Whether the metrics of each target and suite or workload are known precisely enough. */
export interface Precision {
  /** Adds the values of a trial; trials that were not collected or cannot be read do not count. */
  saw(record: Pick<TrialRecord, 'target' | 'benchmark'>, reading: TrialReading): void;
  /** Why no more trials of a target and suite or workload are needed; undefined while they are. */
  enough(target: TargetId, subject: string): string | undefined;
}

/**
 * Applies a rule: it is met when `minTrials` trials were read and every metric that any of them yielded has an interval
 * no wider than `ciWidth` of its mean. Metrics that no trial yields do not matter. Without a rule it is never met.
 */
export function watchPrecision(rule: Rule | undefined, widthOf: RelativeWidth | undefined): Precision {
  const seen = new Map<string, { trials: number; readonly values: Map<string, number[]> }>();
  const keyOf = (target: TargetId, subject: string): string => `${target} ${subject}`;
  if (rule !== undefined && widthOf === undefined) throw new RangeError('a rule on precision needs a measure of it');
  return {
    saw({ target, benchmark }, { status, readings }) {
      if (status !== 'read') return;
      const entry = seen.get(keyOf(target, benchmark)) ?? { trials: 0, values: new Map<string, number[]>() };
      entry.trials += 1;
      for (const reading of readings) {
        if (!('value' in reading)) continue;
        entry.values.set(reading.metric, [...(entry.values.get(reading.metric) ?? []), reading.value]);
      }
      seen.set(keyOf(target, benchmark), entry);
    },
    enough(target, subject) {
      const entry = seen.get(keyOf(target, subject));
      if (rule === undefined || entry === undefined || entry.trials < rule.minTrials) return undefined;
      const widths = [...entry.values.values()].map((values) => widthOf?.(values) ?? Infinity);
      const widest = Math.max(...widths);
      if (widths.length === 0 || widest > rule.ciWidth) return undefined;
      const requested = `${inPercent(rule.ciWidth)} requested`;
      return `precise enough after ${entry.trials} trials: the widest 95 % interval is ${inPercent(widest)} of its mean, ${requested}`;
    },
  };
}

const inPercent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** Adds the trials that earlier processes recorded. Returns the problems of trials that cannot be read. */
export function seeStored(
  precision: Precision,
  { records, raw }: Pick<LoadedRun, 'records' | 'raw'>,
  { suites, workloads }: Pick<World, 'suites' | 'workloads'>,
): readonly string[] {
  return records.flatMap((record) => {
    const { benchmark, guests } = record;
    const reading = readTrial(record, raw, {
      benchmark: guests === undefined ? suites.get(benchmark) : workloads.get(benchmark),
    });
    precision.saw(record, reading);
    return reading.problems.map((problem) => `trial ${record.trial}: ${problem}`);
  });
}

/** The record of a trial that is not needed: skipped, and final. */
export function unneeded(trial: PlannedTrial, plan: Plan, reason: string, now: Date): TrialRecord {
  return {
    schema: 'bench-record/2',
    trial: trial.id,
    attempt: 1,
    block: trial.block,
    target: trial.target,
    benchmark: benchmarkOf(trial),
    profile: plan.profile,
    origin: 'measured',
    started: now.toISOString(),
    ended: now.toISOString(),
    expects: [],
    findings: [],
    outcome: { status: 'skipped', reason },
  };
}
