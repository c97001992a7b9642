import type { LoadedRun, Suite, Workload } from '../../harness/types.js';
import type { DifferenceRule } from '../analysis/differences/rule.js';
import { differenceRules } from '../analysis/differences/rules.js';
import type { Comparison, OneSided, UnlikeRow } from '../model/comparison.js';
import { publishedBenchmarks } from '../reference/quantities.js';
import { CONFIDENCE } from '../statistics/intervals.js';
import { compareConfigurations } from './configuration.js';
import { floorsOf } from './floors.js';
import { pairSystems, type SystemMap } from './pair-systems.js';
import { labelsOf, rowsOfOne, rowsOfPair, type Sides } from './rows.js';
import { describeSide, readSide, type SideRuns } from './sides.js';
import { judgeRows } from './verdicts.js';

export interface ComparisonOptions {
  readonly suites: readonly Suite[];
  readonly workloads: readonly Workload[];
  /** Systems that are compared though they are not of one kind, or whose names differ. */
  readonly map?: SystemMap;
  /** Rules on what differences of configuration mean, applied before the built-in ones. */
  readonly rules?: readonly DifferenceRule[];
  /** Noise runs, whose floors differences are compared with. */
  readonly noise?: readonly LoadedRun[];
}

/**
 * Compares two sets of runs, metric by metric and system by system. Pure: the same runs and options give the same
 * comparison, in whatever order the runs are given.
 */
export function compareRuns(a: SideRuns, b: SideRuns, options: ComparisonOptions): Comparison {
  const measured = [...options.suites, ...options.workloads, ...publishedBenchmarks];
  const noise = options.noise ?? [];
  const sides: Sides = {
    a: readSide(a, measured),
    b: readSide(b, measured),
    measured,
    rules: new Map(
      [...a.runs, ...b.runs].flatMap(({ id, stored: { plan } }) => (plan.precision ? [[id, plan.precision]] : [])),
    ),
    floorOf: floorsOf(noise, measured),
  };
  const { pairs, left } = pairSystems(sides.a, sides.b, options.map ?? []);
  const parts = pairs.map((pair) => rowsOfPair(pair, sides));
  const alone = [
    ...left.a.flatMap((subject) => rowsOfOne(subject, 'A', sides)),
    ...left.b.flatMap((subject) => rowsOfOne(subject, 'B', sides)),
  ];
  const rows = judgeRows(parts.flatMap((part) => part.rows));
  const shared = new Set(a.runs.map(({ id }) => id));
  return {
    schema: 'bench-comparison/1',
    sides: { a: describeSide(sides.a), b: describeSide(sides.b) },
    shared: b.runs.flatMap(({ id }) => (shared.has(id) ? [id] : [])).sort(),
    configuration: compareConfigurations(pairs, sides.a, sides.b, [...(options.rules ?? []), ...differenceRules]),
    rows,
    oneSided: [...parts.flatMap((part) => part.oneSided), ...alone].sort(bySystem),
    notComparable: parts.flatMap((part) => part.notComparable).sort(bySystem),
    pairs: pairs.map(([one, other]) => labelsOf(one, other)),
    adjustedFor: rows.filter(({ p }) => p !== null).length,
    noise: noise.map(({ id }) => id),
    confidence: CONFIDENCE,
  };
}

/** By side, system, then metric. */
function bySystem(one: OneSided | UnlikeRow, other: OneSided | UnlikeRow): number {
  const key = (row: OneSided | UnlikeRow): string =>
    JSON.stringify(['side' in row ? row.side : '', row.system.a, row.system.b, row.metric]);
  return key(one) < key(other) ? -1 : 1;
}
