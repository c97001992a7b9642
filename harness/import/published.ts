/**
 * What a publication states as a run, so that reports mix it with measured and imported results:
 *
 * - one target for each of its systems, whose id is the name in lower case (`Linux-UP` -> `linux-up`), because ratios are
 *   taken to the target of that id with the same origin; its host is the id of the publication (`soltesz2007`), which no
 *   machine has, so that two publications never share a column of a report; its label is `Linux-UP (soltesz2007)` and it
 *   `reproduces` its column;
 * - one trial and record for each target and benchmark of which the publication states something, origin `published`, profile
 *   `paper`, whose only artifact is the data of the publication as this version has it, byte for byte, and whose `published`
 *   names publication and system. Records hold no numbers: reports read what they are of, as means, values, bounds and bands.
 */
import { BenchError } from '../errors.js';
import type { Assignment, Plan, PlannedTrial, Shape, TargetConfig } from '../types.js';
import { cpusOf, platformOf } from './foreign-target.js';
import type { ForeignRecord, ForeignRun } from './record-run.js';

/** A suite, a workload, or a published table that no suite measures. */
export interface PublishedBenchmark {
  readonly id: string;
  readonly version: number;
  /** Only of a workload: what each guest does. */
  readonly assign?: (shape: Shape) => readonly Assignment[];
}

/** Of which system a publication states something, and in what. */
export interface StatedOf {
  readonly column: string;
  readonly benchmark: PublishedBenchmark;
}

export interface PublishedRequest {
  readonly reference: string;
  /** The file of its data. */
  readonly bytes: Uint8Array;
  /** Logical CPUs of its machine: what a system has whose name states no number. */
  readonly cpus: number;
  /** Everything that it states, system by system; ratios are to the first. */
  readonly stated: readonly StatedOf[];
  readonly by: string;
  readonly now: Date;
}

/** The run of what a publication states. Pure; throws when it states nothing that this version knows. */
export function publishedRun({ reference, bytes, cpus, stated, by, now }: PublishedRequest): ForeignRun {
  const targets = [...new Set(stated.map(({ column }) => column))].map((column) => targetOf(reference, column, cpus));
  const [baseline] = targets;
  if (baseline === undefined) {
    throw new BenchError({ stage: 'config', message: `${reference} has no value that this version can show` });
  }
  const trials = stated.flatMap((one, index) => {
    const target = targets.find(({ reproduces }) => reproduces === one.column);
    return target === undefined ? [] : [{ ...one, target, id: `t${String(index + 1).padStart(4, '0')}` }];
  });
  const at = now.toISOString();
  const name = `${reference}.json`;
  const records = trials.map(({ id, target, benchmark, column }): ForeignRecord => ({
    files: [name],
    record: {
      schema: 'bench-record/2',
      trial: id,
      attempt: 1,
      block: 1,
      target: target.id,
      benchmark: benchmark.id,
      profile: 'paper',
      origin: 'published',
      started: at,
      ended: at,
      expects: [],
      findings: [],
      published: { reference, column },
    },
  }));
  const benchmarks = [...new Set(trials.map(({ benchmark }) => benchmark))];
  const versions = (those: readonly PublishedBenchmark[]): Plan['suites'] =>
    those.map(({ id, version }) => ({ id, version }));
  const workloads = versions(benchmarks.filter(({ assign }) => assign !== undefined));
  const plan: Plan = {
    schema: 'bench-plan/2',
    seed: 0,
    profile: 'paper',
    suites: versions(benchmarks.filter(({ assign }) => assign === undefined)),
    ...(workloads.length === 0 ? {} : { workloads }),
    targets,
    baseline: baseline.id,
    order: 'balanced',
    replication: 'as published: only the result of the repetitions is known',
    trials: trials.map(({ id, target, benchmark }) => ({
      id,
      block: 1,
      target: target.id,
      ...(benchmark.assign === undefined ? {} : { workload: benchmark.id }),
      assignments: assignmentsOf(benchmark, target.shape),
    })),
  };
  return { plan, records, files: [{ name, bytes }], by };
}

function assignmentsOf(benchmark: PublishedBenchmark, shape: Shape): PlannedTrial['assignments'] {
  const [first, ...others] = benchmark.assign?.(shape) ?? [];
  return first === undefined ? [{ guest: 0, suite: benchmark.id }] : [first, ...others];
}

function targetOf(reference: string, column: string, all: number): TargetConfig {
  const platform = platformOf(column);
  if (platform === undefined) throw new Error(`${reference}: column ${column} is of no platform that is known`);
  const cpus = Array.from({ length: cpusOf(column) ?? all }, (_none, cpu) => cpu);
  return {
    id: column.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-'),
    host: reference,
    platform,
    shape: { cpus },
    options: {},
    label: `${column} (${reference})`,
    reproduces: column,
  };
}
