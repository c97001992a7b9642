import type { MetricId } from '../../harness/types.js';
import type { StoppingRules } from '../analysis/series-notes.js';
import { isReplicated, type Series } from '../analysis/summarize.js';
import { absence, notesOf } from '../analysis/tally.js';
import type { OneSided, SideName, SystemPair, UnlikeRow } from '../model/comparison.js';
import { metricOf, splitMetric, type Measured } from '../model/measured.js';
import { benchmarkKey } from '../read/load.js';
import { compareSeries, describeValue, whyNotComparable } from './compare-series.js';
import type { FloorOf } from './floors.js';
import { pairUp } from './pair-up.js';
import type { Side, Subject } from './sides.js';
import type { OpenRow } from './verdicts.js';

/** The two sides, and what their rows need. */
export interface Sides {
  readonly a: Side;
  readonly b: Side;
  readonly measured: readonly Measured[];
  readonly rules: StoppingRules;
  readonly floorOf: FloorOf;
}

/** What became of the metrics of a pair of systems. */
export interface PairRows {
  readonly rows: readonly OpenRow[];
  readonly oneSided: readonly OneSided[];
  readonly notComparable: readonly UnlikeRow[];
}

/** Every metric of a pair of systems: compared, on one side only, or not comparable. Pure. */
export function rowsOfPair([a, b]: readonly [Subject, Subject], sides: Sides): PairRows {
  const [ofA, ofB] = [seriesOf(a, sides.a), seriesOf(b, sides.b)];
  const metrics = [...new Set([...ofA.keys(), ...ofB.keys()])].sort();
  const parts = metrics.map((metric): PairRows => {
    const [as, bs] = [ofA.get(metric) ?? [], ofB.get(metric) ?? []];
    const where = whereOf(metric, a, b);
    if (as.length === 0) return only({ ...where, side: 'B', why: whyAbsent(metric, a, sides.a) });
    if (bs.length === 0) return only({ ...where, side: 'A', why: whyAbsent(metric, b, sides.b) });
    return rowsOfMetric(where, as, bs, sides);
  });
  return joined(parts);
}

/** The metrics of a system that the other side does not have. */
export function rowsOfOne(subject: Subject, side: SideName, sides: Sides): readonly OneSided[] {
  const own = side === 'A' ? sides.a : sides.b;
  const why = `${side === 'A' ? 'B' : 'A'} has no such system`;
  return [...seriesOf(subject, own).keys()].sort().map((metric) => ({
    ...whereOf(metric, side === 'A' ? subject : null, side === 'B' ? subject : null),
    side,
    why,
  }));
}

function joined(parts: readonly PairRows[]): PairRows {
  return {
    rows: parts.flatMap(({ rows }) => rows),
    oneSided: parts.flatMap(({ oneSided }) => oneSided),
    notComparable: parts.flatMap(({ notComparable }) => notComparable),
  };
}

function only(one: OneSided): PairRows {
  return { rows: [], oneSided: [one], notComparable: [] };
}

type Where = Pick<OneSided, 'metric' | 'benchmark' | 'system' | 'targets'>;

function whereOf(metric: MetricId, a: Subject | null, b: Subject | null): Where {
  return {
    metric,
    benchmark: splitMetric(metric)[0],
    system: labelsOf(a, b),
    targets: { a: a?.target ?? null, b: b?.target ?? null },
  };
}

/** A pair of systems by label. */
export function labelsOf(a: Subject | null, b: Subject | null): SystemPair {
  return { a: a?.label ?? null, b: b?.label ?? null };
}

function seriesOf({ systems }: Subject, { index }: Side): ReadonlyMap<MetricId, readonly Series[]> {
  const keys = new Set(systems.map(({ key }) => key));
  const found = new Map<MetricId, readonly Series[]>();
  for (const series of [...index.values()].flat()) {
    if (!keys.has(series.system.key)) continue;
    const metric: MetricId = `${series.suite}/${series.metric}`;
    found.set(metric, [...(found.get(metric) ?? []), series]);
  }
  return found;
}

/** From the most alike to any: what is paired last may not be comparable. */
const LEVELS: readonly ((series: Series) => readonly unknown[])[] = [
  (one) => [...conditions(one), one.system.origin, one.tool],
  (one) => [...conditions(one), one.tool.origin, one.tool.name],
  conditions,
  ({ system }) => [system.profile],
  () => [],
];

function conditions({ system: { profile, size, emulated }, suiteVersion, clock }: Series): readonly unknown[] {
  return [profile, size, emulated, suiteVersion, clock?.kind ?? null];
}

function rowsOfMetric(where: Where, as: readonly Series[], bs: readonly Series[], sides: Sides): PairRows {
  const { pairs, left } = pairUp(
    as,
    bs,
    LEVELS.map(
      (pick) =>
        (series: Series): string =>
          JSON.stringify(pick(series)),
    ),
  );
  const compared = pairs.map((pair): PairRows => {
    const why = whyNotComparable(...pair);
    if (why !== null) return { rows: [], oneSided: [], notComparable: [{ ...where, why }] };
    return { rows: [rowOf(where, pair, sides)], oneSided: [], notComparable: [] };
  });
  if (left.a.length > 0 && left.b.length > 0) {
    const why = { reason: 'several', a: left.a.length, b: left.b.length } as const;
    return joined([...compared, { rows: [], oneSided: [], notComparable: [{ ...where, why }] }]);
  }
  const rest = [...left.a.map((one) => ['A', one] as const), ...left.b.map((one) => ['B', one] as const)];
  const alone = rest.map(([side, { system }]) => {
    const others = side === 'A' ? bs : as;
    const isProfile = others.every((other) => other.system.profile !== system.profile);
    const why = isProfile
      ? `not measured at ${system.profile === 'unknown' ? 'this size' : `the ${system.profile} profile`}`
      : 'has it with fewer tools, versions or clocks';
    return only({ ...where, side, why });
  });
  return joined([...compared, ...alone]);
}

function rowOf(where: Where, [a, b]: readonly [Series, Series], sides: Sides): OpenRow {
  const { measured, rules, floorOf } = sides;
  const name = splitMetric(where.metric)[1];
  const metric = metricOf(where.metric, measured);
  const tallyOf = (side: Side, { system, suite }: Series): ReturnType<Side['tallies']['get']> =>
    side.tallies.get(benchmarkKey(system.key, suite));
  const floor = isReplicated(a) && isReplicated(b) ? floorOf(where.metric, counted(a), counted(b)) : null;
  return {
    metric: where.metric,
    label: metric?.label ?? name,
    benchmark: where.benchmark,
    unit: metric?.unit ?? 'count',
    better: metric?.better ?? 'lower',
    profile: a.system.profile,
    system: { a: a.system.label, b: b.system.label },
    a: describeValue(a, metric, measured, rules, notesOf(tallyOf(sides.a, a), name)),
    b: describeValue(b, metric, measured, rules, notesOf(tallyOf(sides.b, b), name)),
    ...compareSeries(a, b),
    noiseFloor: floor,
  };
}

function counted({ system, samples }: Series): { readonly system: Series['system']; readonly n: number } {
  return { system, n: samples.length };
}

/** Why a system has no value of a metric: what became of its trials. */
function whyAbsent(metric: MetricId, { systems }: Subject, { tallies }: Side): string {
  const [suite, name] = splitMetric(metric);
  const [system] = systems;
  if (system.origin === 'published') return 'the publication does not state it';
  const tally = systems.map(({ key }) => tallies.get(benchmarkKey(key, suite))).find((one) => one !== undefined);
  const { state, why } = absence(tally, name);
  return state === 'missing' ? why : `${state}: ${why}`;
}
