import { BenchError } from '../errors.js';
import { benchmarkOf } from '../trial/benchmark.js';
import type { PlannedTrial } from '../types.js';
import type { Span } from './plan/pace.js';
import { journalTrial, type RunState } from './run-state.js';
import { subjectOf, type Attempt, type Attempted } from './trial/attempt.js';
import { unneeded } from './trial/precision.js';
import { attemptUntilReached } from './trial/reach.js';
import { setUpTrial, type TrialSetUp } from './trial/set-up.js';
import { ATTEMPTS } from './trial/unfinished.js';

/** Records a trial as skipped when its target and benchmark are known precisely enough; false when it is needed. */
export async function skipIfPrecise(state: RunState, trial: PlannedTrial): Promise<boolean> {
  const { world, run, left, precision, outcomes, notify } = state;
  const benchmark = benchmarkOf(trial);
  const why = precision.enough(trial.target, benchmark);
  if (why === undefined || left.launched.has(trial.id)) return false;
  const attempt = (left.voids.get(trial.id) ?? 0) + 1;
  const record = { ...unneeded(trial, run.stored.plan, why, world.now()), attempt };
  await run.record(record);
  outcomes.record(record);
  notify({ kind: 'preparing', what: `trial ${trial.id} of ${trial.target} ${benchmark} is not needed: ${why}` });
  return true;
}

/** One trial, repeated while it is void and attempts are left. `remaining` begins with it. */
export async function runTrial(
  state: RunState,
  trial: PlannedTrial,
  remaining: readonly PlannedTrial[],
): Promise<void> {
  const { left, options } = state;
  const setUp = await setUpFor(state, trial);
  if (setUp === undefined) {
    state.outcomes.skip(trial.id);
    return;
  }
  const launched = left.launched.get(trial.id);
  const first = launched?.attempt ?? (left.voids.get(trial.id) ?? 0) + 1;
  if (launched !== undefined) {
    await journalTrial(
      state,
      trial,
      `attempt ${first} was started by an earlier process and is resumed before other trials`,
    );
  }
  for (let number = first; ; number += 1) {
    const attempt = setUp.attempt(number, number === first ? launched : undefined);
    const attempted = await timeAttempt(state, attempt, remaining);
    if (attempted === undefined || attempted.record.outcome.status !== 'void') return;
    const next = number >= ATTEMPTS ? 'not repeated again' : 'repeated, beyond the order of the plan';
    await journalTrial(state, trial, `attempt ${number} was void and is ${next}: ${attempted.record.outcome.reason}`);
    if (number >= ATTEMPTS || options.signal.aborted) return;
  }
}

function setUpFor(state: RunState, trial: PlannedTrial): Promise<TrialSetUp | undefined> {
  const { world, run, hosts, options, notify } = state;
  return setUpTrial(
    {
      world,
      run,
      hosts,
      signal: options.signal,
      problem: (problem) => notify({ kind: 'problem', problem }),
      notice: (what) => notify({ kind: 'preparing', what }),
      stage: (at) => notify({ kind: 'stage', trial: trial.id, ...at }),
    },
    trial,
  );
}

/** One attempt with its events. Undefined when the run is interrupted, or the host is lost and was given up. */
async function timeAttempt(
  state: RunState,
  attempt: Attempt,
  remaining: readonly PlannedTrial[],
): Promise<Attempted | undefined> {
  const { world, run, left, pace, outcomes, precision, notify } = state;
  const { trial, number } = attempt;
  const { trials } = run.stored.plan;
  const count = () => ({
    position: trials.findIndex(({ id }) => id === trial.id) + 1,
    trials: trials.length,
    done: outcomes.done(),
  });
  const name = { trial: trial.id, attempt: number, target: trial.target, benchmark: subjectOf(attempt) };
  const rest = (): Span => expectedOf(state, remaining.slice(1));
  notify({ kind: 'trial-started', ...name, ...count(), expected: pace.expected([trial]), rest: rest() });
  const isPickedUp = attempt.tasks.some(({ launched }) => launched !== undefined);
  const before = world.now().getTime();
  const attempted = await attemptOrGiveUp(state, attempt);
  if (attempted === undefined) return undefined;
  const { record, reading } = attempted;
  left.launched.delete(trial.id);
  const seconds = (world.now().getTime() - before) / 1000;
  // One that an earlier process started took longer than this process saw.
  if (!isPickedUp) pace.saw(trial, seconds, attempt.waitedSeconds);
  outcomes.record(record);
  precision.saw(record, reading);
  for (const what of reading.problems) attempt.notice(`trial ${trial.id}: ${what}`);
  notify({ kind: 'trial-ended', record, readings: reading.readings, seconds, ...count(), rest: rest() });
  return attempted;
}

/** Expected duration of trials that are not precise enough yet. */
function expectedOf({ pace, precision }: RunState, trials: readonly PlannedTrial[]): Span {
  return pace.expected(trials.filter((each) => precision.enough(each.target, benchmarkOf(each)) === undefined));
}

async function attemptOrGiveUp(state: RunState, attempt: Attempt): Promise<Attempted | undefined> {
  const { options, left, hosts, outcomes, temperatures } = state;
  try {
    return await attemptUntilReached(attempt, { temperatures, quietWaitSeconds: options.quietWaitSeconds });
  } catch (error) {
    const isLost = error instanceof BenchError && error.transport;
    if (options.signal.aborted) {
      // An attempt that was stopped leaves nothing on its host. Behind a lost connection it may still run.
      if (!isLost) left.launched.delete(attempt.trial.id);
      return undefined;
    }
    if (error instanceof BenchError && error.problem.stage === 'store') throw error;
    const host = error instanceof BenchError ? error.problem.host : undefined;
    await hosts.giveUp(host ?? attempt.session.host.id, error);
    outcomes.skip(attempt.trial.id);
    return undefined;
  }
}
