import { z } from 'zod';
import { nearest, suggestion } from '../nearest.js';
import { readJsonText, type JsonPath } from './json-text.js';
import { inOrder } from './load.js';
import { show, type Mistake } from './mistake.js';
import { mistakesAgainst } from './mistakes.js';

const METRIC = 'a metric, or a pattern of metrics: "lmbench/*"';
const TARGET = 'a target, or a pattern of targets: "lxc-*"';
const LIMIT = 'a percentage, "5%", or "beyond noise"';
const DIRECTION = '"worse" or "any"';
const MISSING = '"fail" or "ignore"';
const LIMITS = 'a list of at least one limit';

const missing = z
  .enum(['fail', 'ignore'], { error: MISSING })
  .describe(
    'What a metric means that has no value on one side, is not comparable or has too few trials. Default: fail.',
  );

const limitSchema = z.strictObject(
  {
    metric: z
      .string({ error: METRIC })
      .min(1, { error: METRIC })
      .default('*')
      .describe('Metrics that it applies to: an id, or a pattern with * and ?. Default: all.'),
    target: z
      .string({ error: TARGET })
      .min(1, { error: TARGET })
      .default('*')
      .describe('Targets that it applies to: an id, or a pattern with * and ?. Default: all.'),
    limit: z
      .string({ error: LIMIT })
      .regex(/^(?:\d{1,4}(?:\.\d{1,4})?%|beyond noise)$/, { error: LIMIT })
      .describe('How much B may differ from A: a percentage of the mean of A, or "beyond noise".'),
    direction: z
      .enum(['worse', 'any'], { error: DIRECTION })
      .default('worse')
      .describe('Which differences count: those for the worse, or any. Default: worse.'),
    missing: missing.optional(),
  },
  { error: 'an object with "limit", and "metric" or "target"' },
);

/** A file of thresholds, as `bench compare --fail-on` reads it. */
const thresholdsSchema = z.strictObject(
  {
    $schema: z.string().optional().describe('A JSON Schema, for editors.'),
    limits: z
      .array(limitSchema, { error: LIMITS })
      .min(1, { error: LIMITS })
      .describe('Limits; of several that fit a metric and target the first applies.'),
    missing: missing.default('fail'),
  },
  { error: 'an object with "limits"' },
);

/** The JSON Schema of files of thresholds. */
export function thresholdsJsonSchema(): object {
  return z.toJSONSchema(thresholdsSchema, { io: 'input' });
}

/** One limit of a file. */
export interface Threshold {
  readonly metric: string;
  readonly target: string;
  readonly limit: { readonly kind: 'percent'; readonly percent: number } | { readonly kind: 'noise' };
  readonly direction: 'worse' | 'any';
  readonly missing: 'fail' | 'ignore';
}

/** The names that patterns must fit. */
export interface KnownSubjects {
  readonly metrics: readonly string[];
  readonly targets: readonly string[];
  readonly fits: (pattern: string, name: string) => boolean;
}

export type ReadThresholds =
  | { readonly ok: true; readonly thresholds: readonly Threshold[] }
  /** One line each, as those of a hosts file. */
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** The content of a file of thresholds, checked; `path` is for messages. Pure. */
export function readThresholds(text: string, path: string, known: KnownSubjects): ReadThresholds {
  const json = readJsonText(text);
  if (!json.ok) {
    const hint = json.hint === undefined ? '' : `; ${json.hint}`;
    const at = `${path}:${json.position.line}:${json.position.column}`;
    return { ok: false, mistakes: [`${at}: not JSON: expected ${json.expected}, found ${json.found}${hint}`] };
  }
  const repeated = json.repeated.map((at): Mistake => ({ path: at, expected: 'the member once', found: 'it again' }));
  const mistakes = [...repeated, ...mistakesAgainst(thresholdsSchema, json.value, [])];
  const read = thresholdsSchema.safeParse(json.value);
  const unknown = read.success ? read.data.limits.flatMap((one, at) => unknownNames(one, at, known)) : [];
  if (!read.success || mistakes.length + unknown.length > 0) {
    return { ok: false, mistakes: inOrder([...mistakes, ...unknown], json, path) };
  }
  const standard = read.data.missing;
  return {
    ok: true,
    thresholds: read.data.limits.map(({ metric, target, limit, direction, missing: own = standard }) => ({
      ...{ metric, target, direction, missing: own },
      limit: limit === 'beyond noise' ? { kind: 'noise' } : { kind: 'percent', percent: Number(limit.slice(0, -1)) },
    })),
  };
}

/** A pattern that fits no known name is a mistake: a limit on nothing would always be met. */
function unknownNames(
  { metric, target }: z.output<typeof limitSchema>,
  at: number,
  { metrics, targets, fits }: KnownSubjects,
): Mistake[] {
  const suites = [...new Set(metrics.map((id) => id.replace(/\/.*$/, '/*')))];
  const hint = nearest(metric, [...metrics, ...suites]) === undefined ? suites : [...metrics, ...suites];
  const path = (member: string): JsonPath => ['limits', at, member];
  return [
    ...(metrics.some((id) => fits(metric, id))
      ? []
      : [{ path: path('metric'), expected: METRIC, found: show(metric), hint: suggestion(metric, hint) }]),
    ...(targets.some((id) => fits(target, id))
      ? []
      : [{ path: path('target'), expected: TARGET, found: show(target), hint: suggestion(target, targets) }]),
  ];
}
