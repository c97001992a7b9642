import { BenchError, EXIT } from '../errors.js';
import { loadRun } from '../store/index.js';
import type { LoadedRun, TrialRecord } from '../types.js';
import { describeFindings } from './check-text.js';
import { alignColumns, jsonText } from './columns.js';
import type { CommonOptions, Context } from './context.js';
import { describeBenchmark } from './plan.js';
import type { Printer } from './printer.js';
import { describeOutcome } from './progress/log.js';
import { findRun } from './runs.js';
import { unknown } from './select.js';

export interface ShowOptions extends CommonOptions {
  readonly json: boolean;
}

/** `bench show`: a run in a few lines and its trials, or all attempts at one trial with their raw output. */
export async function show(
  { printer }: Context,
  options: ShowOptions,
  name: string,
  trial: string | undefined,
): Promise<number> {
  const run = await loadRun(options.runsDir, await findRun(options.runsDir, name));
  for (const what of run.damage) printer.line(`run ${run.id}: ${what}`, 'bad');
  if (trial === undefined) {
    const { stored, records, journal, damage } = run;
    printer.out(options.json ? jsonText({ ...stored, records, journal, damage }) : describeRun(run));
    return EXIT.done;
  }
  const records = findRecords(run, trial);
  if (options.json) printer.out(jsonText(records));
  else for (const record of records) showRecord(printer, run, record);
  return EXIT.done;
}

function findRecords({ stored, records }: LoadedRun, name: string): readonly TrialRecord[] {
  const [id = '', attempt] = name.split('.');
  const known = stored.plan.trials.map((trial) => trial.id);
  if (!known.includes(id)) throw unknown('trial', name, known.length > 20 ? known.slice(0, 3) : known);
  const all = records.filter((record) => record.trial === id);
  const found = all.filter((record) => attempt === undefined || String(record.attempt) === attempt);
  if (found.length > 0) return found;
  if (all.length === 0) {
    const hint = 'if its run ended early, `bench run --resume` continues it';
    throw new BenchError({ stage: 'config', message: `trial ${id} has no record yet`, hint });
  }
  throw unknown(
    'record of trial',
    name,
    all.map((record) => `${record.trial}.${record.attempt}`),
  );
}

function describeRun({ id, directory, stored, records }: LoadedRun): string {
  const { plan, created, hash } = stored;
  const pending = plan.trials.filter((trial) => !records.some((record) => record.trial === trial.id));
  const head = alignColumns([
    ['run', id],
    ['directory', directory],
    ['created', created],
    ['plan', hash],
    ['order', `${plan.order}, seed ${plan.seed}`],
    ['profile', plan.profile],
    ...(plan.workloads === undefined
      ? []
      : [['workloads', plan.workloads.map((workload) => `${workload.id} (version ${workload.version})`).join(', ')]]),
    ['suites', plan.suites.map((suite) => `${suite.id} (version ${suite.version})`).join(', ')],
    ['targets', plan.targets.map((target) => target.id).join(', ')],
    ['trials', `${plan.trials.length} planned, ${records.length} attempts, ${pending.length} pending`],
  ]);
  const rows = records.map((record) => [
    `${record.trial}.${record.attempt}`,
    record.origin,
    record.target,
    record.benchmark,
    describeOutcome(record.outcome),
  ]);
  const pendingRows = pending.map((trial) => [trial.id, '', trial.target, describeBenchmark(trial), 'pending']);
  return `${head}\n${alignColumns([...rows, ...pendingRows])}`;
}

function showRecord(printer: Printer, run: LoadedRun, record: TrialRecord): void {
  const { outcome } = record;
  printer.out(
    alignColumns([
      ['trial', `${record.trial}, attempt ${record.attempt}, block ${record.block}`],
      ['target', record.target],
      ['benchmark', `${record.benchmark}, ${record.profile} profile, ${record.origin}`],
      ['started', record.started],
      ['ended', record.ended],
      ['outcome', describeOutcome(outcome)],
      ...Object.entries(record.published ?? record.source ?? {}).map(([name, value]) => [`source: ${name}`, value]),
    ]),
  );
  if (record.findings.length > 0) printer.out(`findings\n${describeFindings(record.findings)}`);
  showGuests(printer, record);
  for (const { path, bytes, sha256 } of outcome.status === 'skipped' ? [] : outcome.artifacts) {
    printer.out(`\n${run.directory}/${path}: ${bytes} bytes, SHA-256 ${sha256}\n`);
    const content = run.raw.get(path);
    if (content !== undefined) printer.raw(content);
  }
}

/** Of a trial of several guests: each guest, how simultaneous they were, and the readings of gates. */
function showGuests(printer: Printer, { guests = [], simultaneity, gates = [] }: TrialRecord): void {
  for (const { assignment, name, findings } of guests) {
    const role = assignment.role === undefined ? '' : `, ${assignment.role}`;
    printer.out(`guest ${assignment.guest}: ${assignment.suite}${role}, ${name}\n`);
    if (findings.length > 0) printer.out(describeFindings(findings));
  }
  if (simultaneity !== undefined) {
    const us = (ns: number): string => `${Math.round(ns / 1000)} us`;
    const { startSkewNs, releaseSkewNs, overlap, boundNs } = simultaneity;
    const bound = boundNs === 0 ? '' : ` (to within ${us(boundNs)})`;
    const percent = (overlap * 100).toFixed(1);
    printer.out(
      `released within ${us(releaseSkewNs)}, started within ${us(startSkewNs)}${bound}, overlap ${percent} %\n`,
    );
  }
  if (gates.length > 0) printer.out(alignColumns(gates.map(({ gate, verdict, detail }) => [gate, verdict, detail])));
}
