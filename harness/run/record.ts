import { problemOf } from '../errors.js';
import type { Artifact, Outcome, Problem, TrialRecord } from '../types.js';
import type { Attempt } from './attempt.js';
import type { Verdict } from './judge-trial.js';

/** What broke while it measured (a guest that died) says nothing of the system under test: such a trial is void. */
export function brokenOutcome(attempt: Attempt, error: unknown): Outcome {
  const problem = { ...problemOf(error, 'prepare'), ...contextOf(attempt) };
  const artifacts = attempt.artifacts ?? [];
  if (problem.stage === 'measure') return { status: 'void', reason: problem.message, artifacts };
  return { status: 'failed', problem, artifacts };
}

function contextOf(attempt: Attempt): { host: string; target: string; suite: string } {
  return { host: attempt.session.host.id, target: attempt.target.id, suite: attempt.suite.id };
}

/** The agent's verdict as the outcome of a record. */
export function judgedOutcome(attempt: Attempt, verdict: Verdict, artifacts: readonly Artifact[]): Outcome {
  switch (verdict.status) {
    case 'collected':
      return { status: 'collected', artifacts };
    case 'void':
      return { status: 'void', reason: verdict.reason, artifacts };
    case 'failed': {
      const { message, hint } = verdict;
      const problem: Problem = { stage: 'measure', ...contextOf(attempt), message };
      return { status: 'failed', problem: hint === undefined ? problem : { ...problem, hint }, artifacts };
    }
  }
}

/** Writes the record of an attempt; it is on the disk when this returns. */
export async function writeRecord(attempt: Attempt, started: string, outcome: Outcome): Promise<TrialRecord> {
  const { trial, target, suite, run, launched } = attempt;
  const record: TrialRecord = {
    schema: 'bench-record/1',
    trial: trial.id,
    attempt: attempt.number,
    block: trial.block,
    target: target.id,
    suite: suite.id,
    profile: run.plan.plan.profile,
    origin: 'measured',
    started,
    ended: attempt.world.now().toISOString(),
    ...(launched === undefined ? {} : { installation: launched.installation }),
    expects: launched?.expects ?? [],
    findings: launched?.findings ?? [],
    outcome,
  };
  await run.record(record);
  return record;
}
