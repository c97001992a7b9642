import type { Metric } from '../../harness/types.js';
import type { PublishedBenchmark } from '../model/measured.js';
import { referenceById, references } from './index.js';
import type { Reference, Statement } from './schema.js';
import type { ReferenceRow, ReferenceTable } from './table.js';

/** A standard deviation as published, with the runs behind it. */
export interface PublishedSpread {
  readonly runs: number;
  readonly sd: number;
  readonly divisor: 'n' | 'n-1';
}

/**
 * One quantity that a publication states of one of its systems. A printed mean is a value of its metric; what the text states
 * keeps its kind (value, bound or band) and what it is relative to.
 */
export type PublishedQuantity = {
  /** The system, as the figures and claims call it. */
  readonly column: string;
  /** Id of a suite, of a workload, or of a table that no suite measures, see `publishedBenchmarks`. */
  readonly benchmark: string;
  /** Without the benchmark. */
  readonly metric: string;
  /** Row of its table, or number of its statement, from 1. */
  readonly line: number;
} & (
  | {
      readonly kind: 'mean';
      readonly value: number;
      readonly spread: PublishedSpread | null;
      readonly tool: string;
    }
  | { readonly kind: 'statement'; readonly statement: Statement }
);

/** Everything that a publication states, in the order of its tables, then of its sentences. */
export function quantitiesOf(reference: Reference): readonly PublishedQuantity[] {
  return [...tabulated(reference), ...inText(reference)];
}

function tabulated({ id, tables }: Reference): PublishedQuantity[] {
  return Object.entries(tables).flatMap(([name, table]) =>
    table.rows.flatMap((row, index) => {
      const { metric, label, values } = row;
      const own =
        metric === null
          ? { benchmark: benchmarkId(id, name), metric: slug(label), tool: table.tool ?? `${label}, as published` }
          : { benchmark: ownerOf(metric), metric: nameOf(metric), tool: table.tool ?? 'as published' };
      return values.flatMap((value, at): PublishedQuantity[] => {
        const column = table.configurations[at] ?? '';
        return value === null
          ? []
          : [{ kind: 'mean', column, ...own, line: index + 1, value, spread: spreadAt(table, row, at) }];
      });
    }),
  );
}

function spreadAt({ runs }: ReferenceTable, { sd, divisor }: ReferenceRow, at: number): PublishedSpread | null {
  const own = sd[at] ?? null;
  return own === null || runs === undefined ? null : { runs, sd: own, divisor };
}

function inText({ statements = [] }: Reference): PublishedQuantity[] {
  return statements.map((statement, index) => {
    const { column, metric } = statement;
    return {
      ...{ kind: 'statement', column, benchmark: ownerOf(metric), metric: nameOf(metric) },
      ...{ line: index + 1, statement },
    };
  });
}

const ownerOf = (metric: string): string => metric.split('/')[0] ?? '';
const nameOf = (metric: string): string => metric.split('/').at(-1) ?? '';

/**
 * Published values that no suite measures, as what they belong to: one for each table with such rows. Reports show them as
 * tables of their own.
 */
export const publishedBenchmarks: readonly PublishedBenchmark[] = references.flatMap(({ id, title, tables }) =>
  Object.entries(tables).flatMap(([name, table]): PublishedBenchmark[] => {
    const metrics = metricsOf(table);
    if (Object.keys(metrics).length === 0) return [];
    const about = `${table.caption}. From “${title}”.`;
    return [{ id: benchmarkId(id, name), title: `${table.title ?? inWords(name)} of ${id}`, version: 1, about, metrics }];
  }),
);

function benchmarkId(reference: string, table: string): string {
  return `${reference}-${table}`;
}

/** `table-1` as `Table 1`. */
function inWords(id: string): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`;
}

/** The rows of a table that no suite measures, as metrics. */
function metricsOf({ rows }: ReferenceTable): Readonly<Record<string, Metric>> {
  return Object.fromEntries(
    rows.flatMap(({ metric, label, unit, lowerIsBetter }): [string, Metric][] =>
      metric === null ? [[slug(label), { label, unit, better: lowerIsBetter === true ? 'lower' : 'higher' }]] : [],
    ),
  );
}

function slug(label: string): string {
  return label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** The systems of which a publication states something, in its order, with the benchmarks in which it does. */
export function statedIn(reference: string): readonly { readonly column: string; readonly benchmark: string }[] {
  const { configurations = [], ...rest } = referenceById(reference);
  const all = quantitiesOf(rest);
  const columns = [...new Set([...configurations, ...all.map(({ column }) => column)])];
  return columns.flatMap((column) =>
    [...new Set(all.flatMap((one) => (one.column === column ? one.benchmark : [])))].map((benchmark) => ({
      column,
      benchmark,
    })),
  );
}
