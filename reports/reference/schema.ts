import { z } from 'zod';

// The files of this folder are data that people correct by hand: what is read from them is checked, and types follow.

/**
 * What a sentence states of a quantity. A bound has one end and a band both; neither has a value between its ends, and
 * none has an interval: a publication that gives no spread leaves none to compute.
 */
const statedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('value'), value: z.number() }),
  z
    .strictObject({ kind: z.literal('bound'), low: z.number().nullable(), high: z.number().nullable() })
    .refine(({ low, high }) => (low === null) !== (high === null), 'a bound has one end'),
  z
    .strictObject({ kind: z.literal('band'), low: z.number(), high: z.number() })
    .refine(({ low, high }) => low < high, 'a band has its lower end first'),
]);
export type Stated = Readonly<z.output<typeof statedSchema>>;

const metricSchema = z.templateLiteral([z.string(), '/', z.string()]);

const statementSchema = z.strictObject({
  metric: metricSchema,
  /** The system that it is about, as `configurations` names it. */
  column: z.string(),
  /**
   * `value`: in the unit of the metric; `line-rate`: a part of the speed of the link; `relative`: performance relative to
   * `to`, higher is better; `ratio`: to `to`, as measured; `loss`: what is missing to `to`, in percent; `of-request`: in
   * percent of the share that was requested.
   */
  quantity: z.enum(['value', 'line-rate', 'relative', 'ratio', 'loss', 'of-request']),
  to: z.string().optional(),
  /** Metric of `to`, where it is another one. */
  other: metricSchema.optional(),
  stated: statedSchema,
  text: z.string(),
  /** Id of the claim that is made of the sentence. */
  claim: z.string(),
  /** Id of the quotation that states it. */
  quotation: z.string(),
});
/** What a sentence of a publication states of one system, where its figures carry no printed numbers. */
export type Statement = Readonly<z.output<typeof statementSchema>>;

const unitSchema = z.enum(['s', 'us', 'ns', 'B', 'B/s', 'bit/s', '1/s', 'percent', 'count']);
const values = z.array(z.number().nullable());

const tableSchema = z.strictObject({
  caption: z.string(),
  unit: unitSchema,
  /** Absent where the rows are shares that were requested: `target` then has the requests. */
  lowerIsBetter: z.boolean().optional(),
  tool: z.string().optional(),
  columns: z.array(z.string()),
  /** What was requested, by column, in the unit of the table. */
  target: z.array(z.number()).optional(),
  /** By column; null where the publication gives none. */
  rows: z.array(z.strictObject({ metric: z.string(), values })),
  note: z.string().optional(),
});
/** A published table of means without a spread. */
export type ReferenceTable = Readonly<z.output<typeof tableSchema>>;

const spreadTableSchema = z.strictObject({
  caption: z.string(),
  columns: z.array(z.string()),
  /** Runs behind each mean. */
  runs: z.int().min(2),
  rows: z.array(
    z.strictObject({
      metric: z.string(),
      /** As printed, in which `values` and `sd` are. */
      unit: z.string(),
      /** That unit in one of this project, and how many of it: 1 GB/s is 1e9 B/s. */
      base: z.strictObject({ unit: unitSchema, factor: z.number().positive() }),
      values,
      sd: values,
      /** Whether `sd` is the root of the squares over n or over n - 1. */
      divisor: z.enum(['n', 'n-1']),
      /** As printed: percent more than the first column. */
      departurePercent: values,
    }),
  ),
  note: z.string().optional(),
});
/** A published table of means with standard deviations, whose rows have units of their own; higher is better. */
export type SpreadTable = Readonly<z.output<typeof spreadTableSchema>>;

export const referenceSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  authors: z.array(z.string()).optional(),
  venue: z.string().optional(),
  doi: z.string().optional(),
  /** Logical CPUs of its machine: what a system has whose name states no number. */
  cpus: z.int().min(1),
  configuration: z.record(z.string(), z.json()).optional(),
  /** The systems of its figures, in their order. */
  configurations: z.array(z.string()).optional(),
  table1: spreadTableSchema.optional(),
  table2: tableSchema.optional(),
  table3: tableSchema.optional(),
  figures: z.record(z.string(), z.string()).optional(),
  statements: z.array(statementSchema).optional(),
});
/** A publication whose values are shown beside measured ones. */
export type Reference = Readonly<z.output<typeof referenceSchema>>;
