import type { Measured } from '../model/measured.js';
import { mean } from '../statistics/descriptive.js';
import { CONFIDENCE, differenceInterval, MIN_TRIALS } from '../statistics/intervals.js';
import { noiseOfTwo, smallestDifference } from '../statistics/power.js';
import { holm, welchTest } from '../statistics/tests.js';
import { seriesKey, type Series, type SeriesIndex } from './summarize.js';
import type { ArmDifference, NoiseFloor, NoiseMetric } from '../model/noise.js';
import type { System } from '../model/types.js';

/** What was measured of the noise of targets, in the order of their columns. Pure. */
export function noiseOf(
  systems: readonly System[],
  index: SeriesIndex,
  all: readonly Measured[],
): readonly NoiseFloor[] {
  return systems
    .filter(({ arm }) => arm === 'a')
    .map((a) => {
      const [b, detached] = [partnerOf(a, 'b', systems), partnerOf(a, 'detached', systems)];
      const metrics = corrected(all.flatMap((one) => metricsOf(one, { a, b, detached }, index)));
      return { runs: a.runs, system: a.key, label: a.label.replace(/ \(a\)$/, ''), statement: state(metrics), metrics };
    });
}

/** A run has one target: what shares a run with arm a is the same target. */
function partnerOf(a: System, arm: NonNullable<System['arm']>, systems: readonly System[]): System | undefined {
  return systems.find((other) => other.arm === arm && other.runs.some((run) => a.runs.includes(run)));
}

type Arms = Readonly<Record<'b' | 'detached', System | undefined>> & { readonly a: System };

function metricsOf({ id, metrics }: Measured, arms: Arms, index: SeriesIndex): NoiseMetric[] {
  return Object.entries(metrics).flatMap(([name, { label }]) => {
    // A difference between two tools is no noise: arms are compared for each tool, and the first tool is shown.
    const [first] = index.get(seriesKey(arms.a, id, name)) ?? [];
    if (first === undefined) return [];
    const samplesOf = (system: System | undefined): Arm => {
      const series = system === undefined ? [] : (index.get(seriesKey(system, id, name)) ?? []);
      const { tool } = first;
      return series.find((one) => one.tool.name === tool.name && one.tool.version === tool.version) ?? EMPTY;
    };
    const [a, b, detached] = [first, samplesOf(arms.b), samplesOf(arms.detached)];
    const noise = noiseOfTwo(a.values, b.values, Math.max(a.resolution, b.resolution));
    const floor = noise && smallestDifference(noise, a.values.length, b.values.length);
    return [
      {
        metric: `${id}/${name}` as const,
        label,
        trials: { a: a.values.length, b: b.values.length, detached: detached.values.length },
        again: differenceFrom(a, b),
        verdict: 'unknown' as const,
        floor: floor === undefined ? null : 100 * floor,
        variation: noise === undefined ? null : 100 * noise.variation,
        detached: differenceFrom(a, detached),
      },
    ];
  });
}

type Arm = Pick<Series, 'values' | 'resolution'>;

const EMPTY: Arm = { values: new Float64Array(), resolution: 0 };

function differenceFrom(first: Arm, second: Arm): ArmDifference | null {
  const [a, other] = [first.values, second.values];
  if (a.length === 0 || other.length === 0 || mean(a) === 0) return null;
  const part = 100 / Math.abs(mean(a));
  const found = differenceInterval(other, a, [second.resolution, first.resolution]);
  const interval = typeof found === 'string' ? undefined : found;
  const p = Math.min(a.length, other.length) < MIN_TRIALS ? null : (welchTest(other, a) ?? null);
  return {
    percent: part * (mean(other) - mean(a)),
    low: interval === undefined ? null : part * interval.low,
    high: interval === undefined ? null : part * interval.high,
    p,
    holmP: null,
  };
}

function corrected(metrics: readonly NoiseMetric[]): NoiseMetric[] {
  const again = withHolm(metrics.map((metric) => metric.again));
  const detached = withHolm(metrics.map((metric) => metric.detached));
  return metrics.map((metric, index) => {
    const own = again[index] ?? null;
    return { ...metric, again: own, verdict: verdictOf(own), detached: detached[index] ?? null };
  });
}

function withHolm(differences: readonly (ArmDifference | null)[]): (ArmDifference | null)[] {
  const adjusted = holm(differences.flatMap((one) => one?.p ?? []));
  return differences.map((one) => (one === null || one.p === null ? one : { ...one, holmP: adjusted.shift() ?? null }));
}

function verdictOf(again: ArmDifference | null): NoiseMetric['verdict'] {
  if (again?.holmP != null) return again.holmP < 1 - CONFIDENCE ? 'difference' : 'no difference';
  // Where neither arm varies there is nothing to test: they are the same, or it is unknown.
  return again !== null && again.p === null && again.percent === 0 ? 'no difference' : 'unknown';
}

function state(metrics: readonly NoiseMetric[]): string {
  const judged = metrics.filter(({ verdict }) => verdict !== 'unknown');
  if (judged.length === 0) return `Fewer than ${MIN_TRIALS} trials per arm: the noise cannot be estimated.`;
  const apart = judged.filter(({ verdict }) => verdict === 'difference');
  const compared = `${judged.length} ${judged.length === 1 ? 'metric' : 'metrics'}`;
  const floors = metrics.flatMap(({ floor }) => floor ?? []);
  const range = floors.length === 0 ? '' : ` Differences of ${rangeOf(floors)} can be detected with as many trials.`;
  if (apart.length === 0)
    return `The same target, measured twice: no difference at the 5 % level in any of ${compared}.${range}`;
  const names = apart.map(({ label }) => label).join(', ');
  return `The same target, measured twice, differs in ${apart.length} of ${compared} (${names}): the machine was not steady.${range}`;
}

function rangeOf(floors: readonly number[]): string {
  const [least, most] = [Math.min(...floors), Math.max(...floors)].map((floor) => `${floor.toPrecision(2)} %`);
  return least === most ? `${least}` : `${least} (the finest) to ${most}`;
}
