import type { Metric } from '../../harness/types.js';
import type { PublishedBenchmark } from '../model/measured.js';
import { configurationOf, referenceById, references } from './index.js';
import { TABLE_2_IDS, TABLE_3_METRICS } from './rows.js';
import type { Reference, SpreadTable, Statement } from './schema.js';

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
  return [...tabulated(reference), ...withSpread(reference), ...inText(reference)];
}

function tabulated({ table2, table3 }: Reference): PublishedQuantity[] {
  const tables = [
    { table: table2, metrics: TABLE_2_IDS },
    { table: table3, metrics: TABLE_3_METRICS },
  ];
  return tables.flatMap(({ table, metrics }) =>
    (table?.rows ?? []).flatMap(({ metric: row, values }, index) => {
      const metric = metrics[row];
      if (metric === undefined) return [];
      return values.flatMap((value, at): PublishedQuantity[] => {
        const column = configurationOf(table?.columns[at] ?? '');
        const where = { column, benchmark: ownerOf(metric), metric: nameOf(metric), line: index + 1 };
        return value === null ? [] : [{ ...where, kind: 'mean', value, spread: null, tool: table?.tool ?? 'as published' }];
      });
    }),
  );
}

function withSpread({ id, table1 }: Reference): PublishedQuantity[] {
  return (table1?.rows ?? []).flatMap(({ metric, base, values, sd, divisor }, index) =>
    values.flatMap((value, at): PublishedQuantity[] => {
      if (value === null || table1 === undefined) return [];
      const spread = sd[at];
      return [
        {
          ...{ kind: 'mean', column: table1.columns[at] ?? '', benchmark: benchmarkId(id), metric: slug(metric) },
          ...{ line: index + 1, value: scaled(value, base.factor), tool: `${metric}, as published` },
          spread:
            spread === null || spread === undefined
              ? null
              : { runs: table1.runs, sd: scaled(spread, base.factor), divisor },
        },
      ];
    }),
  );
}

/** The product without what binary fractions add to it: 0.2 GB/s is 200000000 B/s. */
function scaled(printed: number, factor: number): number {
  return Number((printed * factor).toPrecision(12));
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
 * Published tables that no suite measures, as what their values belong to: one for each publication with a `table1`. Reports
 * show them as tables of their own.
 */
export const publishedBenchmarks: readonly PublishedBenchmark[] = references.flatMap(({ id, title, table1 }) => {
  if (table1 === undefined) return [];
  const about = `${table1.caption}. From “${title}”.`;
  return [{ id: benchmarkId(id), title: `Table 1 of ${id}`, version: 1, about, metrics: metricsOf(table1) }];
});

function benchmarkId(reference: string): string {
  return `${reference}-table-1`;
}

function metricsOf({ rows }: SpreadTable): Readonly<Record<string, Metric>> {
  return Object.fromEntries(
    rows.map(({ metric, base }): [string, Metric] => [slug(metric), { label: metric, unit: base.unit, better: 'higher' }]),
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
