import type { Finding, GateReading, LoadedRun, PlannedTrial, TrialRecord } from '../../harness/types.js';
import { promisedMetrics } from '../../harness/trial/read-trial.js';
import { isBenchmark, splitMetric, type Measured } from '../model/measured.js';
import type { Statement } from '../reference/schema.js';
import type { Sample } from './sample.js';
import { platformIn } from './platforms.js';
import { readRecord } from './record-values.js';
import { systemKey } from './systems.js';
import type { Irregularity } from '../model/document.js';
import type { Trial } from '../model/types.js';

/** What the text of a publication states of one metric of a system, of which it prints no number of its own. */
export interface StatedQuantity {
  /** Index into the report's trials. */
  readonly trial: number;
  readonly statement: Statement;
}

export interface Loaded {
  readonly trials: readonly Trial[];
  readonly samples: readonly Sample[];
  readonly stated: readonly StatedQuantity[];
  readonly irregularities: readonly Irregularity[];
  /** Names of metrics that some trial promised or yielded, by `benchmarkKey`. */
  readonly metrics: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Identifies a suite or workload on a system, in `Loaded.metrics` and in tallies. */
export function benchmarkKey(system: string, benchmark: string): string {
  return `${system} ${benchmark}`;
}

/**
 * Turns records into samples with the present parsers of suites and workloads. Every metric that a trial promised has
 * either a sample or a `missing` with its reason. A trial that was not collected has no samples, and a reason.
 */
export function loadSamples(runs: readonly LoadedRun[], all: readonly Measured[]): Loaded {
  const trials: Trial[] = [];
  const samples: Sample[] = [];
  const stated: StatedQuantity[] = [];
  const irregularities: Irregularity[] = [];
  const metrics = new Map<string, Set<string>>();
  for (const run of runs) {
    const { suites, workloads = [] } = run.stored.plan;
    const versions = new Map([...suites, ...workloads].map(({ id, version }) => [id, version]));
    for (const record of run.records) {
      const measured = all.find((candidate) => candidate.id === record.benchmark);
      const read = readRecord(record, run, measured);
      const trial = describeAttempt(run, record, read.missing, read.problems);
      const key = benchmarkKey(trial.system, trial.benchmark);
      const known = metrics.get(key) ?? new Set();
      metrics.set(key, known);
      for (const name of promisedMetrics(record, measured && isBenchmark(measured) ? measured : undefined)) {
        known.add(name);
      }
      for (const value of read.values) {
        const { path, ...own } = value;
        const common = { trial: trials.length, benchmark: record.benchmark };
        const file = trial.files.findIndex((candidate) => candidate.path === path);
        samples.push({ ...common, suiteVersion: versions.get(record.benchmark) ?? null, ...own, file });
        known.add(value.metric);
      }
      for (const statement of read.stated) {
        stated.push({ trial: trials.length, statement });
        known.add(splitMetric(statement.metric)[1]);
      }
      trials.push(trial);
      for (const what of read.problems) {
        irregularities.push({ run: run.id, kind: 'parse', trial: record.trial, what });
      }
    }
    trials.push(...pendingTrials(run));
  }
  return { trials, samples, stated, irregularities, metrics };
}

function describeAttempt(
  run: LoadedRun,
  record: TrialRecord,
  missing: Trial['missing'],
  problems: readonly string[],
): Trial {
  const outcome = record.outcome;
  const findings = findingsOf(record);
  return {
    run: run.id,
    trial: record.trial,
    attempt: record.attempt,
    block: record.block,
    target: record.target,
    system: systemKey(run, record),
    benchmark: record.benchmark,
    guests: record.guests?.length ?? 1,
    boot: record.boot ?? null,
    freshGuest: startsGuests(run, record),
    status: outcome.status,
    started: record.started,
    ended: record.ended,
    why: [reasonWithout(record), ...problems].filter((part) => part !== '').join('; ') || null,
    files: outcome.status === 'skipped' ? [] : outcome.artifacts,
    missing,
    findings: findings.filter((finding) => finding.verdict !== 'ok'),
    findingsOk: findings.filter((finding) => finding.verdict === 'ok').length,
    stated: findings.filter(({ verdict, always }) => verdict === 'ok' && always === true),
    simultaneity: record.simultaneity ?? null,
    gates: worstFirst(record.gates ?? []),
    source: record.published ?? record.source ?? null,
  };
}

/** By the boundary of the target's platform; what was imported does not state how it was started. */
function startsGuests(run: LoadedRun, { target, origin }: TrialRecord): boolean | null {
  const platform = run.stored.plan.targets.find(({ id }) => id === target)?.platform;
  if (origin !== 'measured' || platform === undefined) return null;
  const kind = platformIn(run, platform);
  return kind === undefined ? null : kind.boundary !== 'none';
}

/** Findings of the trial, then those of each of its guests. */
function findingsOf(record: TrialRecord): readonly Finding[] {
  const ofGuests = (record.guests ?? []).flatMap(({ assignment, findings }) =>
    findings.map((finding) => ({ ...finding, check: `guest ${assignment.guest}, ${finding.check}` })),
  );
  return [...record.findings, ...ofGuests];
}

function worstFirst(gates: readonly GateReading[]): readonly GateReading[] {
  return (['void', 'noted', 'unavailable', 'ok'] as const).flatMap((verdict) =>
    gates.filter((gate) => gate.verdict === verdict),
  );
}

/** Why an attempt has no values, in words; empty for one that was collected. */
function reasonWithout(record: TrialRecord): string {
  const outcome = record.outcome;
  switch (outcome.status) {
    case 'collected':
      return '';
    case 'failed': {
      const { stage, message, expected, found } = outcome.problem;
      const contrast = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(', ');
      return `${stage}: ${message}${contrast === '' ? '' : ` (${contrast})`}`;
    }
    case 'void':
    case 'skipped':
      return outcome.reason;
  }
}

/** Trials of the plan without a record: an interrupted run lists what is missing. */
function pendingTrials(run: LoadedRun): Trial[] {
  const { profile } = run.stored.plan;
  const origin = run.records[0]?.origin ?? 'measured';
  const attempted = new Set(run.records.map((record) => `${record.trial} ${record.benchmark}`));
  return run.stored.plan.trials.flatMap((planned) =>
    measuredIn(planned)
      .filter((id) => !attempted.has(`${planned.id} ${id}`))
      .map((id): Trial => ({
        run: run.id,
        trial: planned.id,
        attempt: 0,
        block: planned.block,
        target: planned.target,
        system: systemKey(run, { ...planned, trial: planned.id, profile, origin }),
        benchmark: id,
        guests: planned.workload === undefined ? 1 : planned.assignments.length,
        boot: null,
        freshGuest: null,
        status: 'pending',
        started: null,
        ended: null,
        why: 'not run yet: `bench run --resume` continues the run',
        files: [],
        missing: [],
        findings: [],
        findingsOk: 0,
        stated: [],
        simultaneity: null,
        gates: [],
        source: null,
      })),
  );
}

/** Ids of what a planned trial measures: its workload, or the suite in its guest. */
function measuredIn({ workload, assignments }: PlannedTrial): readonly string[] {
  return workload === undefined ? assignments.map(({ suite }) => suite) : [workload];
}
