import type { Metric, MetricId } from '../../harness/types.js';
import type { Cell, System } from '../model/types.js';
import { publishedFor, type PublishedRow } from './published-fields.js';
import { countsFor } from './tally.js';

/** Of a row of an exhibit: what its cells are of. */
interface BlankRow {
  readonly exhibit: string;
  readonly metric: MetricId;
  readonly publishedRow: PublishedRow | undefined;
  readonly label?: string | undefined;
}

/** A cell of a row without a value. */
export function blankCell(
  row: BlankRow,
  system: System,
  metric: Metric,
  suite: string,
  systems: readonly System[],
): Cell {
  const published = publishedFor(row.metric, row.publishedRow, system, systems);
  // The order of the first sixteen is that of the documented columns.
  return {
    exhibit: row.exhibit,
    metric: row.metric,
    target: system.target,
    state: 'missing',
    n: null,
    center: null,
    low: null,
    high: null,
    unit: metric.unit,
    ratio: null,
    ratioLow: null,
    ratioHigh: null,
    published: published.published,
    publishedRatio: published.publishedRatio,
    verdict: 'not measured',
    why: null,
    otherPublished: published.otherPublished,
    label: row.label ?? metric.label,
    benchmark: suite,
    suiteVersion: null,
    system: system.key,
    profile: system.profile,
    origin: system.origin,
    tool: null,
    better: metric.better,
    sd: null,
    precision: null,
    intervalForm: null,
    paired: null,
    relative: null,
    relativeLow: null,
    relativeHigh: null,
    publishedColumn: published.publishedColumn,
    reference: published.reference,
    neededTrials: null,
    difference: null,
    levels: null,
    request: null,
    trials: countsFor(undefined, '', 0),
    notes: [],
    samples: [],
    noiseFloor: null,
    stated: [],
    bandP: null,
    bandHolmP: null,
    baseline: null,
  };
}
