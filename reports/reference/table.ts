import { z } from 'zod';
import type { KnownMetricId } from '../../suites/index.js';

const baseUnits = ['s', 'us', 'ns', 'B', 'B/s', 'bit/s', '1/s', 'percent', 'count'] as const;

/** A unit of this project, or one as printed with how many of a unit of this project it is: 1 GB/s is 1e9 B/s. */
const unitSchema = z.union([
  z.enum(baseUnits),
  z.strictObject({ printed: z.string(), base: z.enum(baseUnits), factor: z.number().positive() }),
]);
const values = z.array(z.number().nullable());

const rowSchema = z.strictObject({
  /** As printed. */
  label: z.string(),
  /** The metric of a suite or workload that the row has values of; absent where none measures it. */
  metric: z.templateLiteral([z.string(), '/', z.string()]).optional(),
  /** Of `values` and `sd`. Default: that of the table. */
  unit: unitSchema.optional(),
  /** Default: that of the table. */
  lowerIsBetter: z.boolean().optional(),
  /** By column; null where the publication gives none. */
  values,
  sd: values.optional(),
  /** Whether `sd` is the root of the squares over n or over n - 1. */
  divisor: z.enum(['n', 'n-1']).optional(),
  /** As printed: percent more than the first column. */
  departurePercent: values.optional(),
});
type RawRow = z.output<typeof rowSchema>;

const rawTableSchema = z.strictObject({
  /** Default: the id in words, `Table 1` for `table-1`. */
  title: z.string().optional(),
  caption: z.string(),
  /** Of rows without one of their own. */
  unit: unitSchema.optional(),
  lowerIsBetter: z.boolean().optional(),
  tool: z.string().optional(),
  /** As printed; the first is the baseline of ratios. */
  columns: z.array(z.string()).min(1),
  /** The same systems as the rest of the publication calls them; default: as printed. */
  configurations: z.array(z.string()).optional(),
  /** The share that was requested, by column, in the unit of the rows: rows then have no ratios. */
  target: z.array(z.number()).optional(),
  /** Runs behind each mean; required where a row has `sd`. */
  runs: z.int().min(2).optional(),
  rows: z.array(rowSchema).min(1),
  note: z.string().optional(),
});
type RawTable = z.output<typeof rawTableSchema>;

/** A row of a published table, with the defaults of its table. */
export interface ReferenceRow {
  readonly label: string;
  /** Null where no suite or workload measures it. */
  readonly metric: KnownMetricId | null;
  /** Unit of `values` and `sd`. */
  readonly unit: (typeof baseUnits)[number];
  /** The unit in which the publication prints them. */
  readonly printedUnit: string;
  /** Undefined for a share that was requested. */
  readonly lowerIsBetter: boolean | undefined;
  /** By column; null where the publication gives none. */
  readonly values: readonly (number | null)[];
  readonly sd: readonly (number | null)[];
  readonly divisor: 'n' | 'n-1';
  /** As printed: percent more than the first column. */
  readonly departurePercent: readonly (number | null)[];
}

/** A published table of means, with or without standard deviations. */
export interface ReferenceTable extends Omit<RawTable, 'rows' | 'unit' | 'lowerIsBetter' | 'configurations'> {
  readonly configurations: readonly string[];
  readonly rows: readonly ReferenceRow[];
}

/** A table as its file has it, checked; its rows have their own unit and direction afterwards. */
export const tableSchema = rawTableSchema
  .superRefine((table, context) => {
    for (const message of mistakesIn(table)) context.addIssue({ code: 'custom', message });
  })
  .transform(({ unit, lowerIsBetter, configurations, rows, ...table }): ReferenceTable => ({
    ...table,
    configurations: configurations ?? table.columns,
    rows: rows.map((row) => complete(row, row.unit ?? unit ?? 'count', row.lowerIsBetter ?? lowerIsBetter)),
  }));

function complete(row: RawRow, unit: z.output<typeof unitSchema>, lowerIsBetter: boolean | undefined): ReferenceRow {
  const { printed, base, factor } = typeof unit === 'string' ? { printed: unit, base: unit, factor: 1 } : unit;
  const scale = (all: readonly (number | null)[]): (number | null)[] =>
    all.map((value) => (value === null ? null : scaled(value, factor)));
  const { label, metric, values: own, sd = [], divisor = 'n-1', departurePercent = [] } = row;
  return {
    label,
    // Types cannot follow a data file: a test looks every metric up in the registries.
    metric: (metric ?? null) as KnownMetricId | null,
    unit: base,
    printedUnit: printed,
    lowerIsBetter,
    values: scale(own),
    sd: scale(sd),
    divisor,
    departurePercent,
  };
}

/** The product without what binary fractions add to it: 0.2 GB/s is 200000000 B/s. */
function scaled(printed: number, factor: number): number {
  return factor === 1 ? printed : Number((printed * factor).toPrecision(12));
}

function mistakesIn(table: RawTable): string[] {
  const { columns, configurations, target, rows, runs } = table;
  const labels = rows.map(({ label }) => label);
  const wrongLength = (name: string, all: readonly unknown[] | undefined): string[] =>
    all === undefined || all.length === columns.length
      ? []
      : [`${name}: expected ${columns.length} values, one for each column, found ${all.length}`];
  return [
    ...wrongLength('configurations', configurations),
    ...wrongLength('target', target),
    ...repeated(columns).map((column) => `two columns are called ${column}`),
    ...repeated(labels).map((label) => `two rows are called ${label}`),
    ...rows.flatMap((row) => [
      ...(['values', 'sd', 'departurePercent'] as const).flatMap((key) => wrongLength(`${row.label}, ${key}`, row[key])),
      ...(row.unit === undefined && table.unit === undefined ? [`${row.label}: row and table have no unit`] : []),
      ...(row.sd !== undefined && (runs === undefined || row.divisor === undefined)
        ? [`${row.label}: sd needs runs of the table and divisor of the row`]
        : []),
      // A metric of a suite has a direction, and so has a share that was requested.
      ...((row.lowerIsBetter ?? table.lowerIsBetter) === undefined && target === undefined
        ? [`${row.label}: row and table have no lowerIsBetter`]
        : []),
    ]),
  ];
}

/** What is there more than once. */
export function repeated(all: readonly string[]): readonly string[] {
  return [...new Set(all.filter((one, index) => all.indexOf(one) !== index))];
}
