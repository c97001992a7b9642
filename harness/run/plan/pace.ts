import type { Plan, PlannedTrial, Suite, Workload } from '../../types.js';
import { benchmarkOf } from '../../trial/benchmark.js';
import { measuredProfile } from '../../trial/measured-profile.js';

/** Starting, checking and stopping a guest; used until a trial was timed. */
const OVERHEAD_SECONDS = 4;
/** A guess is wrong by up to this factor, in both directions. */
const GUESS_FACTOR = 2;
/** Trials take this much more or less than those that were timed. */
const VARIATION = 0.1;
/** One look at a quiet host. */
const LOOK_SECONDS = 1;

/** An estimate in seconds. */
export interface Span {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** Estimates how long trials take, from their guesses and from the trials so far. */
export interface Pace {
  /** `waitedSeconds`: the part of `seconds` during which its host was not quiet. */
  saw(trial: PlannedTrial, seconds: number, waitedSeconds?: number): void;
  /**
   * How long these trials take together. Each takes what trials of the same target and suite or workload took, else of the
   * same suite or workload, else its guess; and the wait for a quiet host that trials of this target had, else up to its limit.
   */
  expected(trials: readonly PlannedTrial[]): Span;
}

/** `quietWaitSeconds`: the longest wait of a trial for its host to be quiet. */
export function makePace(
  plan: Plan,
  suites: ReadonlyMap<string, Suite>,
  workloads: ReadonlyMap<string, Workload> = new Map(),
  quietWaitSeconds: (trial: PlannedTrial) => number = () => 0,
): Pace {
  const [ran, waited] = [makeSeen(), makeSeen()];
  const guessOf = ({ workload, assignments }: PlannedTrial): Span => {
    const known = workload === undefined ? suites.get(assignments[0].suite) : workloads.get(workload);
    const likely = (known?.profiles[measuredProfile(plan.profile)].expectedSeconds ?? 60) + OVERHEAD_SECONDS;
    return { low: likely / GUESS_FACTOR, likely, high: likely * GUESS_FACTOR };
  };
  const waitOf = (trial: PlannedTrial): Span => {
    const limit = quietWaitSeconds(trial);
    if (limit <= 0) return NOTHING;
    return waited.read(trial.target) ?? { low: LOOK_SECONDS, likely: LOOK_SECONDS, high: limit };
  };
  return {
    saw(trial, seconds, waitedSeconds = 0) {
      const benchmark = benchmarkOf(trial);
      const rest = Math.max(0, seconds - waitedSeconds);
      ran.add(benchmark, rest);
      ran.add(`${trial.target} ${benchmark}`, rest);
      waited.add(trial.target, waitedSeconds);
    },
    expected(trials) {
      const each = trials.flatMap((trial) => {
        const benchmark = benchmarkOf(trial);
        const own = ran.read(`${trial.target} ${benchmark}`) ?? ran.read(benchmark) ?? guessOf(trial);
        return [own, waitOf(trial)];
      });
      return each.reduce(addSpans, NOTHING);
    },
  };
}

const NOTHING: Span = { low: 0, likely: 0, high: 0 };

/** Of one after the other. */
export function addSpans(one: Span, other: Span): Span {
  return { low: one.low + other.low, likely: one.likely + other.likely, high: one.high + other.high };
}

/** Least, mean and largest of what was seen, by key; the ends are widened by `VARIATION`. */
function makeSeen(): { add(key: string, seconds: number): void; read(key: string): Span | undefined } {
  const seen = new Map<string, { total: number; count: number; low: number; high: number }>();
  return {
    add(key, seconds) {
      const { total, count, low, high } = seen.get(key) ?? { total: 0, count: 0, low: seconds, high: seconds };
      seen.set(key, {
        total: total + seconds,
        count: count + 1,
        low: Math.min(low, seconds),
        high: Math.max(high, seconds),
      });
    },
    read(key) {
      const entry = seen.get(key);
      if (entry === undefined) return undefined;
      const { total, count, low, high } = entry;
      return { low: low * (1 - VARIATION), likely: total / count, high: high * (1 + VARIATION) };
    },
  };
}
