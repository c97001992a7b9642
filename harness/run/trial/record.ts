import { BenchError, problemOf } from '../../errors.js';
import type { Artifact, GuestRecord, Outcome, Problem, TrialRecord } from '../../types.js';
import { subjectOf, type Attempt, type GuestTask } from './attempt.js';
import type { Judged } from './judge-attempt.js';
import type { Verdict } from './judge-trial.js';

/**
 * A trial that breaks while it measures (a guest that died), or whose agent somebody kills before, is void: that is no
 * property of the system under test.
 */
export function brokenOutcome(attempt: Attempt, error: unknown): Outcome {
  const problem = { ...problemOf(error, 'prepare'), ...contextOf(attempt) };
  const artifacts = artifactsOf(attempt);
  const isKilled = error instanceof BenchError && error.killed;
  if (problem.stage === 'measure' || isKilled) return voidOutcome(attempt, problem.message);
  return { status: 'failed', problem, artifacts };
}

/** The outcome of an attempt that does not count, with the files that were stored of it. */
export function voidOutcome(attempt: Attempt, reason: string): Outcome {
  return { status: 'void', reason, artifacts: artifactsOf(attempt) };
}

function contextOf(attempt: Attempt): { host: string; target: string; suite: string } {
  return { host: attempt.session.host.id, target: attempt.target.id, suite: subjectOf(attempt) };
}

function artifactsOf({ tasks }: Attempt): readonly Artifact[] {
  return tasks.flatMap(({ artifacts }) => artifacts ?? []);
}

/** The verdict as the outcome of a record. */
export function judgedOutcome(attempt: Attempt, verdict: Verdict): Outcome {
  const artifacts = artifactsOf(attempt);
  switch (verdict.status) {
    case 'collected':
      return { status: 'collected', artifacts };
    case 'void':
      return voidOutcome(attempt, verdict.reason);
    case 'failed': {
      const { message, hint } = verdict;
      const problem: Problem = { stage: 'measure', ...contextOf(attempt), message };
      return { status: 'failed', problem: hint === undefined ? problem : { ...problem, hint }, artifacts };
    }
  }
}

/**
 * Writes the record of an attempt; it is on the disk when this returns. The record names every file that was stored of the
 * attempt, those of earlier launches last.
 */
export async function writeRecord(
  attempt: Attempt,
  started: string,
  outcome: Outcome,
  judged: Pick<Judged, 'simultaneity' | 'gates'> = {},
): Promise<TrialRecord> {
  const { trial, target, run } = attempt;
  const record: TrialRecord = {
    schema: 'bench-record/2',
    trial: trial.id,
    attempt: attempt.number,
    block: trial.block,
    target: target.id,
    benchmark: subjectOf(attempt),
    profile: run.stored.plan.profile,
    origin: 'measured',
    started,
    ended: attempt.world.now().toISOString(),
    ...whatRan(attempt),
    ...(judged.simultaneity === undefined ? {} : { simultaneity: judged.simultaneity }),
    ...(judged.gates === undefined ? {} : { gates: judged.gates }),
    ...(attempt.boot === undefined ? {} : { boot: attempt.boot }),
    outcome: withAll(outcome, await run.keptOf(trial.id, attempt.number)),
  };
  await run.record(record);
  return record;
}

function withAll(outcome: Outcome, kept: readonly Artifact[]): Outcome {
  if (outcome.status === 'skipped') return outcome;
  const known = new Set(outcome.artifacts.map(({ path }) => path));
  return { ...outcome, artifacts: [...outcome.artifacts, ...kept.filter(({ path }) => !known.has(path))] };
}

type WhatRan = Pick<TrialRecord, 'installation' | 'expects' | 'findings' | 'guests'>;

function whatRan({ workload, tasks }: Attempt): WhatRan {
  if (workload !== undefined) return { expects: [], findings: [], guests: tasks.map(guestRecord) };
  return installedIn(tasks[0]);
}

function installedIn({ launched }: GuestTask): Pick<GuestRecord, 'installation' | 'expects' | 'findings'> {
  return {
    ...(launched === undefined ? {} : { installation: launched.installation }),
    expects: launched?.expects ?? [],
    findings: launched?.findings ?? [],
  };
}

function guestRecord(task: GuestTask): GuestRecord {
  return {
    assignment: task.assignment,
    name: task.spec.name,
    ...installedIn(task),
    artifacts: (task.artifacts ?? []).map(({ path }) => path),
    ...(task.clock === undefined ? {} : { clock: task.clock }),
  };
}
