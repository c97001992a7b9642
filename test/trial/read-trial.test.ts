import { describe, expect, it } from 'vitest';
import { readAttempted } from '../../harness/run/trial/attempt-trial.js';
import { seeStored, type Precision } from '../../harness/run/trial/precision.js';
import { isWorkload, type Benchmark } from '../../harness/trial/benchmark.js';
import { readTrial, type TrialFiles, type TrialReading } from '../../harness/trial/read-trial.js';
import type { LoadedRun, Reading, Suite, TrialRecord, Workload } from '../../harness/types.js';
import { loadSamples } from '../../reports/read/load.js';
import { suite } from '../reports/suite.js';
import { demoRun } from '../reports/synthetic.js';
import { pairAtScale, workloads } from '../reports/workload-scenes.js';

// Reports, the rule on precision and the attempt itself read a trial through one function: the same record and the same
// files give the same readings, whatever is wrong with them.

interface Stored {
  readonly run: LoadedRun;
  readonly record: TrialRecord;
  readonly raw: TrialFiles;
  readonly benchmark: Benchmark;
}

const oneGuest = stored(demoRun({ trials: 1 }), suite);
const together = stored(
  pairAtScale({ trials: 1 }),
  workloads.find(({ id }) => id === 'osdb-2'),
);

function stored(run: LoadedRun, benchmark: Benchmark | undefined): Stored {
  const record = run.records.find((candidate) => candidate.benchmark === benchmark?.id);
  if (record === undefined || benchmark === undefined) throw new Error('the scene has no such trial');
  return { run, record, raw: run.raw, benchmark };
}

type Change = (trial: Stored) => Stored;

/** What the parser of a suite or workload returns, changed. */
const parsing =
  (change: (readings: readonly Reading[]) => readonly Reading[]): Change =>
  (trial) => {
    const { benchmark } = trial;
    if (isWorkload(benchmark)) {
      const changed: Workload = { ...benchmark, parse: (guests, all) => change(benchmark.parse(guests, all)) };
      return { ...trial, benchmark: changed };
    }
    const changed: Suite = { ...benchmark, parse: (raw) => change(benchmark.parse(raw)) };
    return { ...trial, benchmark: changed };
  };

/** The files of the trial, changed: `undefined` is a file that is missing or damaged. */
const filing =
  (change: (path: string, bytes: Uint8Array) => Uint8Array | undefined): Change =>
  (trial) => {
    const { outcome } = trial.record;
    const own = new Set(outcome.status === 'collected' ? outcome.artifacts.map(({ path }) => path) : []);
    const files = [...trial.raw].flatMap(([path, bytes]) => {
      const changed = own.has(path) ? change(path, bytes) : bytes;
      return changed === undefined ? [] : [[path, changed] as const];
    });
    return { ...trial, raw: new Map(files) };
  };

const recording =
  (change: (record: TrialRecord) => TrialRecord): Change =>
  (trial) => ({ ...trial, record: change(trial.record) });

const artifact = { path: 'raw/t0001.1.vitals-1.json', bytes: 3, sha256: '0'.repeat(64) };
const last = (text: string): RegExp => new RegExp(`${text}$`);

const cases: readonly (readonly [string, Change, TrialReading['status'], RegExp | undefined])[] = [
  ['as it was written', (trial) => trial, 'read', undefined],
  [
    'without its raw files',
    filing(() => undefined),
    'unreadable',
    /raw\/.*: cannot be used, see the damage of the run/,
  ],
  [
    'without a file that no parser reads',
    recording((record) => ({
      ...record,
      outcome: {
        status: 'collected',
        artifacts: [...(record.outcome.status === 'collected' ? record.outcome.artifacts : []), artifact],
      },
    })),
    'unreadable',
    /vitals-1\.json: cannot be used/,
  ],
  ['with raw files cut short', filing((_, bytes) => bytes.slice(0, -9)), 'unreadable', /cut short|header line/],
  ['with another file for a raw file', filing(() => Buffer.from('no\n')), 'unreadable', /expected bench-raw\/1/],
  [
    'without an installation',
    recording((record) => ({
      ...uninstalled(record),
      ...(record.guests && { guests: record.guests.map(uninstalled) }),
    })),
    'unreadable',
    /installed/,
  ],
  ['with a metric read twice', parsing((all) => [...all, ...all.slice(0, 1)]), 'read', /^read twice, in line \d+/],
  ['with a value that is not finite', parsing((all) => all.map(spoilt)), 'read', /^not a number in line \d+/],
  ['without a row that was promised', parsing((all) => all.slice(1)), 'read', last('no such row')],
  [
    'with a metric that does not exist',
    parsing((all) => [...all, ...all.slice(0, 1).map((one) => ({ ...one, metric: 'toString' }))]),
    'read',
    /^not a metric of its suite$/,
  ],
  [
    'by a parser that throws',
    parsing(() => {
      throw new Error('surprised');
    }),
    'unreadable',
    /surprised/,
  ],
  [
    'of an unknown version',
    recording((record) => ({ ...record, benchmark: 'x' })),
    'unreadable',
    /no (suite|workload) x/,
  ],
  [
    'that is void',
    recording((record) => ({ ...record, outcome: { status: 'void', reason: 'noise', artifacts: [] } })),
    'not-collected',
    undefined,
  ],
];

/** The record without what was installed. */
function uninstalled<T extends { readonly installation?: unknown }>(part: T): Omit<T, 'installation'> {
  return Object.fromEntries(Object.entries(part).filter(([name]) => name !== 'installation')) as Omit<
    T,
    'installation'
  >;
}

function spoilt(reading: Reading, index: number): Reading {
  return index === 0 && 'value' in reading ? { ...reading, value: Number.NaN } : reading;
}

describe.each([
  ['one guest', oneGuest],
  ['several guests', together],
])('a trial of %s', (_, given) => {
  it.each(cases)('%s: a report, the rule on precision and the attempt read the same', (__, change, status, why) => {
    const trial = change(given);
    const attempted = attemptReads(trial);
    expect(attempted.status).toBe(status);
    expect(ruleReads(trial)).toEqual(attempted);
    expect(reportReads(trial)).toEqual(table(attempted.readings));
    const reasons = attempted.readings.flatMap((reading) => ('missing' in reading ? [reading.missing] : []));
    if (why === undefined) expect(reasons).toEqual([]);
    else expect([...reasons, ...attempted.problems]).toContainEqual(expect.stringMatching(why));
  });

  it('has each promised metric once, and values unless it is unreadable', () => {
    for (const [, change] of cases) {
      const { status, readings } = attemptReads(change(given));
      const names = readings.map(({ metric }) => metric);
      expect(new Set(names).size).toBe(names.length);
      expect(readings.some((reading) => 'value' in reading)).toBe(status === 'read');
    }
  });
});

const known = ({ record, benchmark }: Stored): Benchmark | undefined =>
  record.benchmark === benchmark.id ? benchmark : undefined;

function attemptReads(trial: Stored): TrialReading {
  const files = [...trial.raw].map(([path, bytes]) => ({ path, bytes }));
  const benchmark = known(trial);
  // An attempt has what its plan names; only a stored record may name something unknown.
  if (benchmark === undefined) return readTrial(trial.record, trial.raw, { benchmark });
  const workload = isWorkload(benchmark) ? { workload: benchmark } : {};
  return readAttempted({ ...workload, tasks: [{ suite: benchmark as Suite }] }, trial.record, files).reading;
}

function ruleReads(trial: Stored): TrialReading | undefined {
  const seen: TrialReading[] = [];
  const precision: Precision = { saw: (_, reading) => seen.push(reading), enough: () => undefined };
  const benchmark = known(trial);
  const of = <T extends Benchmark>(kind: boolean): Map<string, T> =>
    new Map(
      benchmark === undefined || isWorkload(benchmark) !== kind ? [] : [[benchmark.id, benchmark as unknown as T]],
    );
  const registries = { suites: of<Suite>(false), workloads: of<Workload>(true) };
  const problems = seeStored(precision, { records: [trial.record], raw: trial.raw }, registries);
  expect(problems).toHaveLength(seen[0]?.status === 'unreadable' ? 1 : 0);
  return seen[0];
}

type Row = readonly [metric: string, value: number | string];

const table = (readings: readonly Reading[]): readonly Row[] =>
  readings.map((reading): Row => [reading.metric, 'value' in reading ? reading.value : reading.missing]).sort();

function reportReads(trial: Stored): readonly Row[] {
  const benchmark = known(trial);
  const run = { ...trial.run, records: [trial.record], raw: trial.raw };
  const { samples, trials } = loadSamples([run], benchmark === undefined ? [] : [benchmark]);
  const attempt = trials.find(({ status }) => status !== 'pending');
  return [
    ...samples.map(({ metric, value }): Row => [metric, value]),
    ...(attempt?.missing ?? []).map(({ metric, why }): Row => [metric, why]),
  ].sort();
}
