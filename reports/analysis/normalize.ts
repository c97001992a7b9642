import type { Metric } from '../../harness/types.js';
import type { Against } from '../model/exhibit.js';
import { splitMetric } from '../model/measured.js';
import { ratioInterval } from '../statistics/bootstrap.js';
import { mean } from '../statistics/descriptive.js';
import { CONFIDENCE, type Interval } from '../statistics/intervals.js';
import { isReplicated, resample, seriesKey, type Series, type SeriesIndex } from './summarize.js';
import type { System } from '../model/types.js';

/** Mean over baseline mean, as measured: above 1 is *more*, which is slower for times and faster for rates. */
export interface Ratio {
  readonly center: number;
  readonly interval: Interval | null;
  readonly baseline: Series;
  /** How the two sides differ in ways that a reader must know. */
  readonly notes: readonly string[];
}

/**
 * Relative performance, higher is better: the plain ratio for higher-is-better metrics, inverted for lower-is-better
 * ones. This is the only place where anything is inverted; the interval's ends change places with it.
 */
export function relativePerformance(
  ratio: { readonly center: number; readonly interval: Interval | null },
  better: Metric['better'],
): { readonly center: number; readonly interval: Interval | null } {
  if (better === 'higher') return { center: ratio.center, interval: ratio.interval };
  const { center, interval } = ratio;
  return { center: 1 / center, interval: interval && { low: 1 / interval.high, high: 1 / interval.low } };
}

/** Ratios of many series, each to its own baseline series (as `baselineFor` chooses it). */
export function ratios(
  pairs: readonly { readonly series: Series; readonly baseline: Series }[],
  seed: string,
): Map<Series, Ratio> {
  const replicated = new Set(pairs.filter((pair) => isReplicated(pair.series) && isReplicated(pair.baseline)));
  const bases = resample([...new Set([...replicated].map((pair) => pair.baseline))], seed);
  const result = new Map<Series, Ratio>();
  // One system at a time: ten thousand means for every metric of every system would fill the memory.
  for (const system of new Set(pairs.map((pair) => pair.series.system))) {
    const own = pairs.filter((pair) => pair.series.system === system);
    const tops = resample(
      own.filter((pair) => replicated.has(pair) && !bases.has(pair.series)).map((pair) => pair.series),
      seed,
    );
    for (const { series, baseline } of own) {
      const top = tops.get(series) ?? bases.get(series);
      const base = bases.get(baseline);
      result.set(series, {
        center: mean(series.values) / mean(baseline.values),
        interval: top && base && series !== baseline ? ratioInterval(top, base, CONFIDENCE) : null,
        baseline,
        notes: differences(series, baseline),
      });
    }
  }
  return result;
}

/**
 * The series that a series may be divided by: the same metric of the baseline, or what `against` says, of the same
 * profile, origin, suite version and origin of the tool, and both on real machines or both on emulated ones. Published values are divided by published ones only. Imported ones by imported ones, or else by measured ones.
 */
export function baselineFor(
  series: Series,
  against: Against | undefined,
  systems: readonly System[],
  index: SeriesIndex,
): { readonly baseline: Series } | { readonly why: string } {
  const [owner, name] = against === undefined ? [series.suite, series.metric] : splitMetric(against.metric);
  const own = against?.system === 'same';
  const everywhere = systems
    .filter((system) => (own ? system === series.system : system.baseline))
    .flatMap((system) => index.get(seriesKey(system, owner, name)) ?? []);
  if (own && everywhere.length === 0) return { why: `no ratio: ${owner} was not measured on it` };
  const alike = everywhere.filter((candidate) => candidate.system.emulated === series.system.emulated);
  if (alike.length === 0 && everywhere.length > 0) {
    const machine = (emulated: boolean): string => `${emulated ? 'an emulated' : 'a real'} machine`;
    return {
      why: `no ratio: measured on ${machine(series.system.emulated)}, its baseline on ${machine(!series.system.emulated)}`,
    };
  }
  const candidates = alike.filter((candidate) => candidate.system.profile === series.system.profile);
  const origins = series.system.origin === 'imported' ? ['imported', 'measured'] : [series.system.origin];
  const sameOrigin = origins
    .map((origin) => candidates.filter((candidate) => candidate.system.origin === origin))
    .find((found) => found.length > 0);
  if (sameOrigin === undefined) return { why: whyNoBaseline(everywhere, series) };
  // Versions count the changes of one suite or workload: those of two say nothing about each other.
  const sameVersion = sameOrigin.filter(
    (candidate) => owner !== series.suite || candidate.suiteVersion === series.suiteVersion,
  );
  if (sameVersion.length === 0) return { why: 'no ratio: the baseline was measured with another version of the suite' };
  const sameTool = armsTogether(
    sameVersion.filter((candidate) => sameToolKind(candidate, series)),
    series,
  );
  const baseline =
    sameTool.find((candidate) => candidate === series) ??
    sameTool.find((candidate) => sameHost(candidate, series)) ??
    sameTool[0];
  if (baseline === undefined) return { why: "no ratio: the baseline's value was produced by another tool" };
  if (!(mean(baseline.values) > 0) || baseline.values.some((value) => value <= 0)) {
    return { why: 'no ratio: the baseline has values that are not positive' };
  }
  return { baseline };
}

/** Arms of a noise run are set against its arm a, and others not, as long as there is anything else. */
function armsTogether(candidates: readonly Series[], { system: { arm } }: Series): readonly Series[] {
  const alike = candidates.filter((candidate) => (candidate.system.arm === null) === (arm === null));
  return alike.length > 0 ? alike : candidates;
}

function whyNoBaseline(everywhere: readonly Series[], series: Series): string {
  const other = everywhere.find((candidate) => candidate.system.origin !== 'published');
  if (other === undefined || series.system.origin === 'published') return 'no ratio: the baseline has no value of it';
  if (other.system.profile === series.system.profile) return `no ratio: the baseline is ${other.system.origin} only`;
  return `no ratio: the baseline was measured at the ${other.system.profile} profile`;
}

/** Imported output does not say where its tool came from; beside a target's own tool it is taken for the same kind. */
function sameToolKind(a: Series, b: Series): boolean {
  if (a.tool.origin === b.tool.origin) return true;
  const origins = [a.tool.origin, b.tool.origin];
  return origins.includes('unknown') && origins.includes('target');
}

function sameHost(a: Series, b: Series): boolean {
  return a.system.host === b.system.host;
}

function differences(series: Series, baseline: Series): string[] {
  const notes: string[] = [];
  if (!sameHost(series, baseline) && series.system.origin !== 'published') {
    notes.push(`measured on ${series.system.host}, its baseline on ${baseline.system.host}`);
  }
  if (series.system.origin !== baseline.system.origin) {
    notes.push(`${series.system.origin}, its baseline ${baseline.system.origin}: machines and tools may differ`);
    return notes;
  }
  if (series.tool.version !== baseline.tool.version || series.tool.name !== baseline.tool.name) {
    const name = (one: Series): string => `${one.tool.name} ${one.tool.version ?? 'of unknown version'}`;
    notes.push(`measured with ${name(series)}, its baseline with ${name(baseline)}`);
  }
  if (series.tool.linkage !== baseline.tool.linkage) {
    notes.push(
      `its tool links ${series.tool.linkage ?? 'unknown'}, the baseline's ${baseline.tool.linkage ?? 'unknown'}`,
    );
  }
  return notes;
}
