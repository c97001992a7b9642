import { z } from 'zod';
import { repeated, tableSchema } from './table.js';

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
  /** By id, which is any name in lower case: `table-2`. */
  tables: z.record(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id has lower-case letters, digits and dashes'), tableSchema),
  figures: z.record(z.string(), z.string()).optional(),
  statements: z.array(statementSchema).optional(),
}).superRefine(({ tables }, context) => {
  const metrics = Object.values(tables).flatMap(({ rows }) => rows.flatMap(({ metric }) => metric ?? []));
  for (const metric of repeated(metrics)) context.addIssue({ code: 'custom', message: `two rows have values of ${metric}` });
});
/** A publication whose values are shown beside measured ones. */
export type Reference = Readonly<z.output<typeof referenceSchema>>;
