import type {
  Finding,
  GateReading,
  LoadedRun,
  PlannedTrial,
  RawText,
  Reading,
  Suite,
  TrialRecord,
} from '../../harness/types.js';
import { readRawTrial } from '../../harness/trial/raw.js';
import { completeReadings } from './complete.js';
import { isWorkload, type Measured } from '../model/measured.js';
import { publishedReadings } from './published.js';
import { guestReadings } from './read-guests.js';
import { systemKey } from './systems.js';
import type { Irregularity } from '../model/document.js';
import type { ToolUse } from '../model/tool.js';
import type { Trial } from '../model/types.js';

/** One value of one metric in one trial. `trial` and `file` are indices into the report's trials and that trial's files. */
export interface Sample {
  readonly trial: number;
  readonly benchmark: string;
  readonly suiteVersion: number | null;
  /** Without the suite. */
  readonly metric: string;
  readonly value: number;
  readonly file: number;
  readonly line: number;
  readonly tool: ToolUse;
}

export interface Loaded {
  readonly trials: readonly Trial[];
  readonly samples: readonly Sample[];
  readonly irregularities: readonly Irregularity[];
  /** Metrics that some trial promised or yielded, without the suite, by `asker`. */
  readonly asked: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Key of `Loaded.asked` and of tallies: one system and suite or workload. */
export function asker(system: string, suite: string): string {
  return `${system} ${suite}`;
}

/** What was read out of one attempt. */
interface Attempt {
  readonly readings: readonly Reading[];
  readonly problems: readonly string[];
}

/**
 * Records to samples, through the parser that the suite or workload has today. Every metric that a trial promised has either a
 * sample or a `missing` with its reason; a trial that was not collected has none, and says why.
 */
export function loadSamples(runs: readonly LoadedRun[], all: readonly Measured[]): Loaded {
  const trials: Trial[] = [];
  const samples: Sample[] = [];
  const irregularities: Irregularity[] = [];
  const asked = new Map<string, Set<string>>();
  for (const run of runs) {
    const { suites, workloads = [] } = run.stored.plan;
    const versions = new Map([...suites, ...workloads].map(({ id, version }) => [id, version]));
    for (const record of run.records) {
      const measured = all.find((candidate) => candidate.id === record.benchmark);
      const attempt = readAttempt(run, record, measured);
      const expects = expectedOf(record, measured);
      const { values, missing } = completeReadings(record, expects, attempt.readings, measured);
      const trial = describeAttempt(run, record, missing, attempt.problems);
      for (const reading of values) {
        samples.push({
          trial: trials.length,
          benchmark: record.benchmark,
          suiteVersion: versions.get(record.benchmark) ?? null,
          metric: reading.metric,
          value: reading.value,
          file: trial.files.findIndex((file) => file.path === reading.at.file),
          line: reading.at.line,
          tool: toolUse(reading.tool, record),
        });
      }
      const known = asked.get(asker(trial.system, trial.benchmark)) ?? new Set();
      asked.set(asker(trial.system, trial.benchmark), known);
      for (const name of expects) known.add(name);
      for (const { metric } of values) known.add(metric);
      trials.push(trial);
      for (const what of attempt.problems) {
        irregularities.push({ run: run.id, kind: 'parse', trial: record.trial, what });
      }
    }
    trials.push(...pendingTrials(run));
  }
  return { trials, samples, irregularities, asked };
}

/** What a trial promised: its steps their metrics, several guests together every metric of their workload. */
function expectedOf(record: TrialRecord, measured: Measured | undefined): readonly string[] {
  if (record.guests === undefined || record.expects.length > 0) return record.expects;
  return Object.keys(measured?.metrics ?? {});
}

function readAttempt(run: LoadedRun, record: TrialRecord, measured: Measured | undefined): Attempt {
  if (record.outcome.status !== 'collected') return { readings: [], problems: [] };
  const what = record.guests === undefined ? 'suite' : 'workload';
  if (measured === undefined || isWorkload(measured) !== (what === 'workload')) {
    return { readings: [], problems: [`there is no ${what} ${record.benchmark} in this version`] };
  }
  try {
    if (isWorkload(measured)) return { readings: guestReadings(run, record, measured), problems: [] };
    const suite = measured;
    switch (record.origin) {
      case 'measured':
        return { readings: measuredReadings(run, record, suite), problems: [] };
      case 'imported':
        return importedReadings(run, record, suite);
      case 'published':
        return { readings: publishedReadings(record), problems: [] };
    }
  } catch (error) {
    // Raw files come from hosts: whatever is wrong with one is a fact about that trial and never ends the report.
    return { readings: [], problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function measuredReadings(run: LoadedRun, record: TrialRecord, suite: Suite): readonly Reading[] {
  const artifacts = record.outcome.status === 'collected' ? record.outcome.artifacts : [];
  if (artifacts.length === 0) throw new Error('the trial was collected and has no raw file');
  const files = artifacts.map(({ path }) => {
    const bytes = run.raw.get(path);
    if (bytes === undefined) throw new Error(`${path}: cannot be used, see the damage of the run`);
    return { path, bytes };
  });
  if (record.installation === undefined) throw new Error('the record does not say what was installed');
  const context = { profile: record.profile, installation: record.installation };
  return suite.parse(readRawTrial(files, context));
}

function importedReadings(run: LoadedRun, record: TrialRecord, suite: Suite): Attempt {
  if (suite.recognize === undefined) throw new Error(`suite ${suite.id} reads no output that was measured elsewhere`);
  const artifacts = record.outcome.status === 'collected' ? record.outcome.artifacts : [];
  const texts = artifacts.map((artifact): RawText => {
    const bytes = run.raw.get(artifact.path);
    if (bytes === undefined) throw new Error(`${artifact.path}: cannot be used, see the damage of the run`);
    return { text: new TextDecoder().decode(bytes), file: artifact.path, firstLine: 1 };
  });
  const found = suite.recognize(texts);
  const own = found.length > 1 ? found.filter((trial) => isSame(trial.source, record.source ?? {})) : found;
  const chosen = own.length === 1 ? own : found;
  const problems =
    chosen.length > 1 ? [`${chosen.length} trials in the files of one record: only the first is used`] : [];
  return { readings: chosen[0]?.readings ?? [], problems };
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

type Tools = NonNullable<TrialRecord['installation']>['tools'];

function toolUse(name: string, record: TrialRecord): ToolUse {
  if (record.origin === 'published') return { name, origin: 'published', version: null, linkage: null };
  const installations = [record, ...(record.guests ?? [])].flatMap(({ installation }) => installation ?? []);
  const tools = Object.assign({}, ...installations.map((installation) => installation.tools).reverse()) as Tools;
  const tool = tools[name] ?? Object.values(tools).find((candidate) => candidate.path === name);
  if (tool === undefined) return { name, origin: 'unknown', version: null, linkage: null };
  return { name, origin: tool.origin, version: tool.version, linkage: tool.linkage ?? null };
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
    status: outcome.status,
    started: record.started,
    ended: record.ended,
    why: [whyNot(record), ...problems].filter((part) => part !== '').join('; ') || null,
    files: outcome.status === 'skipped' ? [] : outcome.artifacts,
    missing,
    findings: findings.filter((finding) => finding.verdict !== 'ok'),
    findingsOk: findings.filter((finding) => finding.verdict === 'ok').length,
    simultaneity: record.simultaneity ?? null,
    gates: gravestFirst(record.gates ?? []),
    source: record.source ?? null,
  };
}

/** Checks of the trial, then of each of its guests, by number. */
function findingsOf(record: TrialRecord): readonly Finding[] {
  const ofGuests = (record.guests ?? []).flatMap(({ assignment, findings }) =>
    findings.map((finding) => ({ ...finding, check: `guest ${assignment.guest}, ${finding.check}` })),
  );
  return [...record.findings, ...ofGuests];
}

function gravestFirst(gates: readonly GateReading[]): readonly GateReading[] {
  return (['void', 'noted', 'unavailable', 'ok'] as const).flatMap((verdict) =>
    gates.filter((gate) => gate.verdict === verdict),
  );
}

/** Why an attempt has no values, in words; empty for one that was collected. */
function whyNot(record: TrialRecord): string {
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

/** Trials of the plan that have no record yet: an interrupted run shows what it still owes. */
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
        status: 'pending',
        started: null,
        ended: null,
        why: 'not run yet: the run ended before it, see bench run --resume',
        files: [],
        missing: [],
        findings: [],
        findingsOk: 0,
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
