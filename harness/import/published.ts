/**
 * Published values as a run, so that reports mix them with measured and imported ones:
 *
 * - one target for each column of the publication's table, whose id is the column in lower case (`Linux-UP` ->
 *   `linux-up`), because ratios are taken to the target of that id with the same origin; its host is the id of the
 *   reference (`soltesz2007`), which no machine has, so that two publications never share a column of a report; its
 *   label is `Linux-UP (soltesz2007)` and it `reproduces` its column;
 * - one trial and record for each target, origin `published`, profile `paper`, whose only artifact is the reference's
 *   JSON as this version has it, byte for byte, and whose `source` names `reference`, `table` and `column`. Records hold
 *   no numbers: reports read the column of the reference that they know, by row.
 */
import { z } from 'zod';
import { BenchError } from '../errors.js';
import type { Plan, Suite, TargetConfig } from '../types.js';
import { cpusOf, platformOf } from './foreign-target.js';
import type { ForeignRecord, ForeignRun } from './record-run.js';

/** A table by its name in the files of references, and the suite that measures its rows. */
export interface PublishedTable {
  readonly table: string;
  readonly suite: Suite;
}

/** A reference as the reports know it, with the bytes of its file. */
export interface PublishedRequest {
  readonly reference: string;
  readonly bytes: Uint8Array;
  /** What the exhibits show: tables of publications, and the one suite that measures each. */
  readonly measured: readonly PublishedTable[];
  readonly by: string;
  readonly now: Date;
}

const tableSchema = z.looseObject({ columns: z.array(z.string().min(1)).min(1) });

/** Two CPUs of the paper's machines: what `SMP` means in its columns. */
const SMP_CPUS = 2;

/** The run of a publication's values. Pure; throws when no suite of this version measures a table of it. */
export function publishedRun({ reference, bytes, measured, by, now }: PublishedRequest): ForeignRun {
  const { table, suite, columns } = tableOf(reference, bytes, measured);
  const targets = columns.map((column) => targetOf(reference, column));
  const at = now.toISOString();
  const name = `${reference}.json`;
  const records = targets.map((target, index): ForeignRecord => ({
    files: [name],
    record: {
      schema: 'bench-record/2',
      trial: `t${String(index + 1).padStart(4, '0')}`,
      attempt: 1,
      block: 1,
      target: target.id,
      benchmark: suite.id,
      profile: 'paper',
      origin: 'published',
      started: at,
      ended: at,
      expects: [],
      findings: [],
      source: { reference, table, column: columns[index] ?? '' },
    },
  }));
  // Publications compare the other columns with the first.
  const [baseline] = targets;
  const plan: Plan = {
    schema: 'bench-plan/2',
    seed: 0,
    profile: 'paper',
    suites: [{ id: suite.id, version: suite.version }],
    targets,
    ...(baseline === undefined ? {} : { baseline: baseline.id }),
    order: 'balanced',
    replication: 'as published: only the result of the repetitions is known',
    trials: records.map(({ record: { trial, block, target } }) => ({
      id: trial,
      block,
      target,
      assignments: [{ guest: 0, suite: suite.id }],
    })),
  };
  return { plan, records, files: [{ name, bytes }], by };
}

function tableOf(
  reference: string,
  bytes: Uint8Array,
  measured: readonly PublishedTable[],
): PublishedTable & { readonly columns: readonly string[] } {
  const content = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>>;
  for (const { table, suite } of measured) {
    const read = tableSchema.safeParse(content[table]);
    if (read.success) return { table, suite, columns: read.data.columns };
  }
  const message = `no suite of this version measures a table of ${reference}`;
  throw new BenchError({ stage: 'config', message, hint: '`bench list suites` names those there are' });
}

function targetOf(reference: string, column: string): TargetConfig {
  const platform = platformOf(column);
  if (platform === undefined) throw new Error(`${reference}: column ${column} is of no platform that is known`);
  const cpus = Array.from({ length: cpusOf(column) ?? SMP_CPUS }, (_none, cpu) => cpu);
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
